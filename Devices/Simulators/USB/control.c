// SPDX-License-Identifier: Apache-2.0

// The thread that serves the control socket and the ttys. One line, one reply:
//   add PORT FRAMING TTY | add [PORT] | remove [PORT] | deny [PORT] | allow [PORT]
//   fault [PORT] NAME [COUNT] [REQUEST] | clear [PORT] | stats [PORT]

#include "simulator.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST_CALLERS = 8, SILENCE = 20 };  // milliseconds that end an answer

typedef struct {
  int socket;  // -1: free
  char line[512];
  gsize length;
} Caller;

static Caller callers[MOST_CALLERS];
static int listener = -1, bell[2] = {-1, -1};
static GThread *thread;
static gint ending;

void wake_control(void) {
  // A full pipe rings already.
  if (write(bell[1], "", 1) < 0) return;
}

static int add(char **words, int count, Device *device, char *reply, gsize room) {
  if (count == 3) {
    int framing = framing_named(words[1]);
    if (framing < 0) return snprintf(reply, room, "error: no such framing\n");
    Device *former = device_named(words[0]);
    if (former && former->plugged) return snprintf(reply, room, "error: it is there\n");
    device = device_made(words[0], (Framing)framing, words[2]);
  }
  if (!device) return snprintf(reply, room, "error: no such device\n");
  return snprintf(reply, room, plug(device) ? "ok\n" : "error: it cannot be added\n");
}

static int fault(char **words, int count, Device *device, char *reply, gsize room) {
  int kind = count > 0 ? fault_kind(words[0]) : -1;
  if (kind < 0 || !bus->can_fail((FaultKind)kind)) return snprintf(reply, room, "error: no such fault\n");
  int times = count > 1 ? atoi(words[1]) : 1;
  int request = count > 2 ? (int)strtol(words[2], NULL, 16) : -1;
  g_mutex_lock(&lock);
  bool added = add_fault(device, (FaultKind)kind, times, request);
  g_mutex_unlock(&lock);
  return snprintf(reply, room, added ? "ok\n" : "error: it cannot be added\n");
}

static int stats(Device *device, char *reply, gsize room) {
  g_mutex_lock(&lock);
  int length = snprintf(
      reply, room, "opened %u submitted %u claims %u cleared %u resets %u pending %u done %u faults %d\n",
      device->opened, device->submitted, device->claims, device->cleared, device->resets,
      device->pending.length, device->done.length, device->fault_count);
  g_mutex_unlock(&lock);
  return length;
}

// Every verb but `add` speaks of a device that was named before.
static int obey(char *line, char *reply, gsize room) {
  char *words[5] = {NULL}, *rest = NULL;
  int count = 0;
  for (char *word = strtok_r(line, " \r\n", &rest); word && count < 5; word = strtok_r(NULL, " \r\n", &rest))
    words[count++] = word;
  if (!count) return snprintf(reply, room, "error: nothing said\n");
  bool named = count > 1 && strchr(words[1], '-');
  Device *device = device_named(named ? words[1] : NULL);
  const char *verb = words[0];
  if (strcmp(verb, "add") == 0) return add(words + 1, count - 1, device, reply, room);
  if (!device) return snprintf(reply, room, "error: no such device\n");
  int skipped = named ? 2 : 1;
  if (strcmp(verb, "fault") == 0) return fault(words + skipped, count - skipped, device, reply, room);
  if (strcmp(verb, "stats") == 0) return stats(device, reply, room);
  if (strcmp(verb, "remove") == 0) unplug(device);
  else if ((strcmp(verb, "deny") == 0 || strcmp(verb, "allow") == 0) && device->plugged)
    bus->allow(device, strcmp(verb, "allow") == 0);
  else if (strcmp(verb, "clear") == 0) device->fault_count = 0;
  else return snprintf(reply, room, "error: not understood\n");
  return snprintf(reply, room, "ok\n");
}

static void hang_up(Caller *caller) {
  close(caller->socket);
  caller->socket = -1;
}

static void hear(Caller *caller) {
  ssize_t count = read(caller->socket, caller->line + caller->length,
                       sizeof caller->line - 1 - caller->length);
  if (count <= 0) {
    hang_up(caller);
    return;
  }
  caller->length += (gsize)count;
  caller->line[caller->length] = 0;
  char *end;
  while ((end = strchr(caller->line, '\n'))) {
    *end = 0;
    char reply[512];
    int length = obey(caller->line, reply, sizeof reply);
    if (send(caller->socket, reply, (gsize)length, MSG_NOSIGNAL) < 0) {
      hang_up(caller);
      return;
    }
    caller->length -= (gsize)(end + 1 - caller->line);
    memmove(caller->line, end + 1, caller->length + 1);
  }
  if (caller->length == sizeof caller->line - 1) hang_up(caller);
}

static void greet(void) {
  int socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (socket < 0) return;
  for (int index = 0; index < MOST_CALLERS; index++) {
    if (callers[index].socket >= 0) continue;
    callers[index] = (Caller){.socket = socket};
    return;
  }
  close(socket);
}

static void hear_line(Device *device) {
  uint8_t bytes[4096];
  g_mutex_lock(&lock);
  ssize_t count = device->tty < 0 ? 0 : read(device->tty, bytes, sizeof bytes);
  if (count > 0) line_gave(device, bytes, (gsize)count);
  // The reader behind it ended; the next request opens what is there then.
  else if (device->tty >= 0) close_line(device);
  g_mutex_unlock(&lock);
}

// Whether an answer has begun somewhere: then silence will end it.
static bool watch(struct pollfd *waits, Device **lines, nfds_t *count) {
  bool answering = false;
  g_mutex_lock(&lock);
  Device *device;
  for (int index = 0; (device = device_at(index)); index++) {
    if (device->tty < 0) continue;
    answering |= is_answering(device);
    lines[*count] = device;
    waits[(*count)++] = (struct pollfd){.fd = device->tty, .events = POLLIN};
  }
  g_mutex_unlock(&lock);
  return answering;
}

static void look_after_devices(bool silent) {
  Device *device;
  for (int index = 0; (device = device_at(index)); index++) {
    g_mutex_lock(&lock);
    if (silent) line_fell_silent(device);
    bool due = device->removal_due;
    g_mutex_unlock(&lock);
    if (due) unplug(device);
  }
}

static gpointer serve(gpointer nothing) {
  enum { LINES = 2 + MOST_CALLERS };
  while (!g_atomic_int_get(&ending)) {
    struct pollfd waits[LINES + MOST_DEVICES] = {{.fd = bell[0], .events = POLLIN},
                                                 {.fd = listener, .events = POLLIN}};
    Device *lines[LINES + MOST_DEVICES] = {NULL};
    for (int index = 0; index < MOST_CALLERS; index++)
      waits[2 + index] = (struct pollfd){.fd = callers[index].socket, .events = POLLIN};
    nfds_t count = LINES;
    bool answering = watch(waits, lines, &count);
    int ready = poll(waits, count, answering ? SILENCE : -1);
    if (ready < 0) continue;
    char rings[64];
    if (waits[0].revents && read(bell[0], rings, sizeof rings) < 0) continue;
    for (nfds_t index = LINES; index < count; index++)
      if (waits[index].revents) hear_line(lines[index]);
    look_after_devices(ready == 0);
    for (int index = 0; index < MOST_CALLERS; index++)
      if (callers[index].socket >= 0 && waits[2 + index].revents) hear(&callers[index]);
    if (waits[1].revents) greet();
  }
  return nothing;
}

bool control_begun(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  for (int index = 0; index < MOST_CALLERS; index++) callers[index].socket = -1;
  if (pipe2(bell, O_CLOEXEC | O_NONBLOCK) != 0) return false;
  if (path) {
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path)
      return false;
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(path);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(path, 0600) != 0 || listen(listener, MOST_CALLERS) != 0)
      return false;
  }
  thread = g_thread_new("control", serve, NULL);
  return true;
}

void control_ended(void) {
  g_atomic_int_set(&ending, 1);
  wake_control();
  g_thread_join(thread);
}
