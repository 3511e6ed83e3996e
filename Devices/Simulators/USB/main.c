// SPDX-License-Identifier: Apache-2.0

// umockdev-wrapper nightdesk-usb-sim [--control SOCKET] [--device|--absent PORT FRAMING TTY]…
//   -- COMMAND…
// nightdesk-usb-sim --kernel …
//
// Runs COMMAND unmodified on a mocked USB bus with card readers (0400:C35A) on it: at PORT
// (1-1, 1-1.2), of FRAMING (four, two, interrupt), each with the reader that answers at
// TTY behind it; COMMAND finds SOCKET in NIGHTDESK_USB_CONTROL. --absent: it is plugged in
// later, by the line `add PORT` on SOCKET; all lines are in control.c. --kernel: on the bus
// of a real kernel, with root's rights and the module vhci_hcd, at root ports only. Ends
// with COMMAND, with its exit code.

#include "simulator.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const Bus *bus = &played_bus;
UMockdevTestbed *testbed;
GMutex lock;

static volatile sig_atomic_t child;

typedef struct {
  const char *control;
  char **command;
  bool plugged[MOST_DEVICES];
} Orders;

static int complain(const char *words, const char *what) {
  fprintf(stderr, "nightdesk-usb-sim: %s%s\n", words, what);
  return 64;
}

// 0, or the exit code.
static int read_orders(char **words, Orders *orders) {
  int count = 0;
  for (char **word = words + 1; *word; word++) {
    if (strcmp(*word, "--") == 0 && word[1]) {
      orders->command = word + 1;
      return 0;
    }
    bool there = strcmp(*word, "--device") == 0;
    if (strcmp(*word, "--control") == 0 && word[1]) {
      orders->control = *++word;
    } else if ((there || strcmp(*word, "--absent") == 0) && word[1] && word[2] && word[3]) {
      int framing = framing_named(word[2]);
      if (framing < 0) return complain("no such framing: ", word[2]);
      if (device_named(word[1])) return complain("twice: ", word[1]);
      if (!device_made(word[1], (Framing)framing, word[3])) return complain("too many devices", "");
      orders->plugged[count++] = there;
      word += 3;
    } else {
      return complain("not understood: ", *word);
    }
  }
  return complain("no command after --", "");
}

static void pass_signal(int number) {
  if (child > 0) kill((pid_t)child, number);
}

static int run(char **command, const char *control) {
  // The command ends first: without us its next ioctl would abort it. The terminal sends
  // it SIGINT itself.
  struct sigaction passing = {.sa_handler = pass_signal};
  sigaction(SIGTERM, &passing, NULL);
  pid_t started = fork();
  if (started == 0) {
    if (control) setenv("NIGHTDESK_USB_CONTROL", control, 1);
    if (bus == &kernel_bus) setenv("NIGHTDESK_USB_KERNEL", "1", 1);
    execvp(command[0], command);
    perror(command[0]);
    _exit(127);
  }
  if (started < 0) return 70;
  child = started;
  signal(SIGINT, SIG_IGN);
  int status = 0;
  while (waitpid(started, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    fprintf(stderr, "nightdesk-usb-sim: the command ended by signal %d\n", WTERMSIG(status));
    return 128 + WTERMSIG(status);
  }
  return WEXITSTATUS(status);
}

static UMockdevIoctlBase *begin_mock(void) {
  testbed = umockdev_testbed_new();
  // The answer is kept from the first question on, so it is asked only now.
  if (!umockdev_in_mock_environment()) return NULL;
  char *root = umockdev_testbed_get_root_dir(testbed);
  // The command may be another user's.
  chmod(root, 0755);
  g_free(root);
  // umockdev answers for every file in /dev; those who make pseudo-terminals, real ones.
  UMockdevIoctlBase *passing = passing_handler();
  umockdev_testbed_attach_ioctl(testbed, "/dev/ptmx", passing, NULL);
  return passing;
}

static int play(char **words) {
  Orders orders = {0};
  int code = read_orders(words, &orders);
  if (code != 0) return code;
  if (!control_begun(orders.control)) return complain("no control socket at ", orders.control);
  Device *device;
  for (int index = 0; (device = device_at(index)); index++) {
    if (orders.plugged[index] && !plug(device)) complain("cannot be plugged in: ", device->port);
  }
  code = run(orders.command, orders.control);
  control_ended();
  for (int index = 0; (device = device_at(index)); index++) unplug(device);
  if (orders.control) unlink(orders.control);
  return code;
}

int main(int count, char **words) {
  if (count > 1 && strcmp(words[1], "--kernel") == 0) {
    bus = &kernel_bus;
    return play(words + 1);
  }
  UMockdevIoctlBase *passing = begin_mock();
  if (!passing) return complain("must be run by umockdev-wrapper", "");
  int code = play(words);
  g_object_unref(passing);
  g_object_unref(testbed);
  return code;
}
