// SPDX-License-Identifier: Apache-2.0

// A real kernel: devices hang on its virtual host controllers (Linux, vhci_hcd), each by a
// socket on which the kernel speaks USB/IP. Only root ports can be had.

#include "simulator.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char buses[] = "/sys/bus/usb/devices";

static int number_in(const char *path) {
  char *text = NULL;
  int number = g_file_get_contents(path, &text, NULL, NULL) ? atoi(text) : -1;
  g_free(text);
  return number;
}

// vhci_hcd counts the ports of all its controllers in one row, those of the USB 2 bus of
// each before those of its USB 3 bus, which has as many (drivers/usb/usbip/vhci_sysfs.c).
// -1: no such port.
static int row_number(const char *port) {
  char path[64], controller[PATH_MAX];
  int root = 0, at = 0, end = 0;
  if (sscanf(port, "%d-%d%n", &root, &at, &end) != 2 || port[end]) return -1;
  snprintf(path, sizeof path, "%s/usb%d", buses, root);
  const char *name = realpath(path, controller) ? strstr(controller, "vhci_hcd.") : NULL;
  snprintf(path, sizeof path, "%s/usb%d/maxchild", buses, root);
  int ports = number_in(path);
  if (!name || at < 1 || at > ports) return -1;
  return atoi(name + strlen("vhci_hcd.")) * 2 * ports + at - 1;
}

static bool attach(const Device *device, int cable) {
  enum { FULL_SPEED = 2, ANY_NAME = 0x10002 };
  int row = row_number(device->port);
  if (row < 0) return false;
  char order[64];
  int length = snprintf(order, sizeof order, "%d %d %d %d", row, cable, ANY_NAME, FULL_SPEED);
  int file = open("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY | O_CLOEXEC);
  // Refused while the kernel is not through with what hung there before.
  bool attached = file >= 0 && write(file, order, (size_t)length) == length;
  if (file >= 0) close(file);
  return attached;
}

static bool arrive(Device *device) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  g_mutex_lock(&lock);
  begin_life(device);
  device->cable = ends[0];
  open_line(device);
  g_mutex_unlock(&lock);
  bool attached = attach(device, ends[1]);
  close(ends[1]);
  if (attached) {
    device->thread = g_thread_new("cable", serve_cable, device);
    return true;
  }
  g_mutex_lock(&lock);
  device->plugged = false;
  close(device->cable);
  device->cable = -1;
  close_line(device);
  g_mutex_unlock(&lock);
  return false;
}

static void leave(Device *device) {
  g_mutex_lock(&lock);
  device->plugged = device->removal_due = false;
  int cable = device->cable;
  device->cable = -1;
  // The kernel ends what it waits for by itself; here it is only forgotten.
  transfers_end(device, -ENODEV);
  close_line(device);
  g_mutex_unlock(&lock);
  shutdown(cable, SHUT_RDWR);
  g_thread_join(device->thread);
  close(cable);
}

// Writes the path of its node; false: the kernel has not set it up.
static bool node_of(const Device *device, char *path, gsize room) {
  char file[96];
  snprintf(file, sizeof file, "%s/%s/busnum", buses, device->port);
  int root = number_in(file);
  snprintf(file, sizeof file, "%s/%s/devnum", buses, device->port);
  int number = number_in(file);
  snprintf(path, room, "/dev/bus/usb/%03d/%03d", root, number);
  return root > 0 && number > 0;
}

static void allow(Device *device, bool allowed) {
  char path[64];
  if (!node_of(device, path, sizeof path) || chmod(path, allowed ? 0666 : 0) != 0) perror(device->port);
}

// What only a kernel that is played can be made to do.
static bool can_fail(FaultKind kind) {
  return kind != FAULT_SUBMIT && kind != FAULT_BUSY && kind != FAULT_RESET_GONE;
}

const Bus kernel_bus = {arrive, leave, allow, usbip_done, can_fail};
