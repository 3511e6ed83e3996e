// SPDX-License-Identifier: Apache-2.0
//
// A keyboard (evdev) and a HID POS scanner (hidraw) as device nodes that the unmodified code
// opens, under umockdev: umockdev-wrapper hidsim SOCKET -- COMMAND…
// The command finds /dev/input/event7 and /dev/hidraw3. Lines on the socket, one answer each:
//   keys HEX      these bytes come from the keyboard's node
//   report HEX    this report comes from the scanner's node
//   taken         answers 1 while somebody has grabbed the keyboard
//   busy 0|1      whether another program has grabbed it
//   feature       answers with the last feature report, in hexadecimal
//   unplug        both nodes' other ends are closed
#include <errno.h>
#include <fcntl.h>
#include <linux/hidraw.h>
#include <linux/input.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <umockdev.h>

static const unsigned char descriptor[] = {
  0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x01,
  0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x05, 0x8C, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x95, 0x03, 0x81, 0x02,
  0x09, 0xFE, 0x95, 0x38, 0x82, 0x02, 0x01, 0x09, 0xFF, 0x75, 0x01, 0x95, 0x01, 0x81, 0x02, 0x95, 0x07,
  0x81, 0x03, 0xC0,
};
// On umockdev's thread and on the socket's.
static GMutex lock;
static int taken, busy;
static unsigned char feature[64];
static size_t feature_size;
static int ends[4] = {-1, -1, -1, -1};

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer user) {
  gulong request = umockdev_ioctl_client_get_request(client);
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg(client), *data = NULL;
  int result = 0, code = 0;
  size_t size = _IOC_SIZE(request);
  // EVIOCGRAB carries a number where others carry an address.
  if (request != EVIOCGRAB && size) data = umockdev_ioctl_data_resolve(argument, 0, size, NULL);
  g_mutex_lock(&lock);
  if (request == EVIOCGRAB && user == (gpointer)1) {
    if (busy) { result = -1; code = EBUSY; } else taken = *(gulong *)argument->data != 0;
  } else if (request == HIDIOCGRDESCSIZE && user == (gpointer)2) {
    *(int *)data->data = sizeof descriptor;
  } else if (request == HIDIOCGRDESC && user == (gpointer)2) {
    memcpy(data->data + 4, descriptor, sizeof descriptor);
  } else if (_IOC_TYPE(request) == 'H' && _IOC_NR(request) == 6 && size <= sizeof feature && user == (gpointer)2) {
    memcpy(feature, data->data, feature_size = size);
    result = (int)size;
  } else {
    result = -1;
    code = ENOTTY;
  }
  g_mutex_unlock(&lock);
  umockdev_ioctl_client_complete(client, result, code);
  return TRUE;
}

// The node is a link to the slave of a pseudo-terminal, so that polling it works.
static void make_node(UMockdevTestbed *bed, const char *node, const char *subsystem, int which) {
  char slave[64], path[512], folder[512];
  struct termios line;
  if (openpty(&ends[which * 2], &ends[which * 2 + 1], slave, NULL, NULL)) exit(71);
  tcgetattr(ends[which * 2 + 1], &line);
  cfmakeraw(&line);
  tcsetattr(ends[which * 2 + 1], TCSANOW, &line);
  g_autofree gchar *root = umockdev_testbed_get_root_dir(bed);
  snprintf(path, sizeof path, "%s%s", root, node);
  snprintf(folder, sizeof folder, "%s", path);
  *strrchr(folder, '/') = 0;
  g_mkdir_with_parents(folder, 0755);
  UMockdevIoctlBase *handler = umockdev_ioctl_base_new();
  g_signal_connect(handler, "handle-ioctl", G_CALLBACK(on_ioctl), (gpointer)(long)(which + 1));
  if (!umockdev_testbed_attach_ioctl(bed, node, handler, NULL)) exit(71);
  unlink(path);
  if (symlink(slave, path)) exit(71);
  umockdev_testbed_add_device(bed, subsystem, strrchr(node, '/') + 1, NULL, NULL,
    "DEVNAME", node, NULL);
}

static void send_bytes(int which, const char *text, char *answer) {
  unsigned char bytes[65536];
  size_t count = 0;
  unsigned byte;
  for (; count < sizeof bytes && sscanf(text, "%2x", &byte) == 1; text += 2) bytes[count++] = byte;
  for (size_t done = 0; done < count;) {
    ssize_t more = write(ends[which * 2], bytes + done, count - done);
    if (more <= 0) { strcpy(answer, "failed"); return; }
    done += more;
  }
}

static void obey(char *line, char *answer) {
  strcpy(answer, "ok");
  g_mutex_lock(&lock);
  if (!strcmp(line, "taken")) sprintf(answer, "%d", taken);
  else if (!strncmp(line, "busy ", 5)) busy = atoi(line + 5);
  else if (!strcmp(line, "feature")) {
    *answer = 0;
    for (size_t i = 0; i < feature_size; i++) sprintf(answer + 2 * i, "%02X", feature[i]);
  } else if (!strncmp(line, "keys ", 5)) send_bytes(0, line + 5, answer);
  else if (!strncmp(line, "report ", 7)) send_bytes(1, line + 7, answer);
  else if (!strcmp(line, "unplug")) {
    for (int i = 0; i < 4; i++) { close(ends[i]); ends[i] = -1; }
  } else strcpy(answer, "unknown");
  g_mutex_unlock(&lock);
}

static gpointer serve(gpointer user) {
  int listener = *(int *)user;
  static char line[262144];
  for (int peer; (peer = accept(listener, NULL, NULL)) >= 0; close(peer)) {
    FILE *in = fdopen(dup(peer), "r");
    while (in && fgets(line, sizeof line, in)) {
      char answer[256];
      line[strcspn(line, "\n")] = 0;
      obey(line, answer);
      strcat(answer, "\n");
      if (write(peer, answer, strlen(answer)) < 0) break;
    }
    if (in) fclose(in);
  }
  return NULL;
}

int main(int count, char **words) {
  if (count < 4 || strcmp(words[2], "--")) {
    fprintf(stderr, "umockdev-wrapper hidsim SOCKET -- COMMAND...\n");
    return 64;
  }
  UMockdevTestbed *bed = umockdev_testbed_new();
  make_node(bed, "/dev/input/event7", "input", 0);
  make_node(bed, "/dev/hidraw3", "hidraw", 1);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, words[1], sizeof address.sun_path - 1);
  unlink(words[1]);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4)) return 71;
  for (int i = 0; i < 4; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  setenv("NIGHTDESK_HID_SIM", words[1], 1);
  g_thread_new("control", serve, &listener);
  pid_t child = fork();
  if (child == 0) {
    execvp(words[3], words + 3);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  unlink(words[1]);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}
