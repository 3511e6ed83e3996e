// SPDX-License-Identifier: Apache-2.0

// The played kernel: devices come into the mocked tree and leave it.

#include "simulator.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

// Device numbers of the bus, taken in turn as the kernel does.
static unsigned next_number = 2;

// libusb polls the device node: writable means that there is something to reap. A stopped
// pseudo-terminal is not writable.
void set_ready(Device *device, bool ready) {
  if (device->slave < 0 || device->parked == !ready) return;
  tcflow(device->slave, ready ? TCOON : TCOOFF);
  device->parked = !ready;
}

static void write_descriptors(const char *name, const uint8_t *bytes, gsize length) {
  char *root = umockdev_testbed_get_root_dir(testbed);
  char *folder = g_strconcat(root, "/sys/devices/", name, NULL);
  char *path = g_strconcat(folder, "/descriptors", NULL);
  g_mkdir_with_parents(folder, 0755);
  g_file_set_contents(path, (const char *)bytes, (gssize)length, NULL);
  g_free(path);
  g_free(folder);
  g_free(root);
}

// Sends the uevent itself; the listener reads the descriptors at once.
static char *add_to_tree(const char *name, unsigned number, const char *devnode) {
  char bus[4], text[8];
  snprintf(bus, sizeof bus, "%d", atoi(name));
  snprintf(text, sizeof text, "%u", number);
  const char *attributes[] = {"busnum", bus, "devnum", text, "speed", "12",
                              "bConfigurationValue", "1", NULL};
  const char *properties[] = {"DEVTYPE", "usb_device", "DEVNAME", devnode, NULL};
  return umockdev_testbed_add_devicev(testbed, "usb", name, NULL, (char **)attributes,
                                      (char **)properties);
}

// libusb counts ports from a device up through its hubs, so these must be there.
static void add_hubs(const char *port) {
  static const uint8_t hub[] = {18, 1, 0x00, 0x02, 9, 0, 1, 64, 0x6B, 0x1D, 0x02, 0, 0, 6, 0, 0, 0, 1,
                                9, 2, 25, 0, 1, 1, 0, 0xE0, 0, 9, 4, 0, 0, 1, 9, 0, 0, 0,
                                7, 5, 0x81, 3, 4, 0, 12};
  static GHashTable *known;
  if (!known) known = g_hash_table_new(g_str_hash, g_str_equal);
  for (const char *dot = strchr(port, '.'); dot; dot = strchr(dot + 1, '.')) {
    char *name = g_strndup(port, (gsize)(dot - port));
    if (!g_hash_table_add(known, name)) continue;
    char devnode[32];
    snprintf(devnode, sizeof devnode, "/dev/bus/usb/%03d/%03u", atoi(name), next_number);
    write_descriptors(name, hub, sizeof hub);
    g_free(add_to_tree(name, next_number++, devnode));
  }
}

static char *real_path(const char *devnode) {
  char *root = umockdev_testbed_get_root_dir(testbed);
  char *path = g_strconcat(root, devnode, NULL);
  g_free(root);
  return path;
}

// The device node: a symbolic link to a pseudo-terminal, whose readiness and hang-up are
// those of usbfs. No ioctl of our own under the lock: umockdev's thread, which answers our
// own ioctls too, may be waiting for it.
static bool open_node(Device *device) {
  char slave[32];
  device->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (device->master < 0 || grantpt(device->master) != 0 || unlockpt(device->master) != 0 ||
      ptsname_r(device->master, slave, sizeof slave) != 0)
    return false;
  device->slave = open(slave, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (device->slave < 0) return false;
  char *path = real_path(device->devnode), *folder = g_path_get_dirname(path);
  g_mkdir_with_parents(folder, 0755);
  unlink(path);
  bool linked = symlink(slave, path) == 0;
  g_free(folder);
  g_free(path);
  device->parked = false;
  set_ready(device, false);
  return linked;
}

static void close_node(Device *device) {
  if (device->master >= 0) close(device->master);
  if (device->slave >= 0) close(device->slave);
  device->master = device->slave = -1;
}

static void allow(Device *device, bool allowed) {
  char *path = real_path(device->devnode);
  if (chmod(path, allowed ? 0666 : 0) != 0) perror(path);
  g_free(path);
}

static bool arrive(Device *device) {
  if (!device->handler) device->handler = usbfs_handler(device);
  add_hubs(device->port);
  device->number = next_number;
  next_number = next_number == 127 ? 2 : next_number + 1;
  snprintf(device->devnode, sizeof device->devnode, "/dev/bus/usb/%03d/%03u", atoi(device->port),
           device->number);
  uint8_t descriptors[128];
  write_descriptors(device->port, descriptors, describe(device, descriptors));
  g_mutex_lock(&lock);
  bool opened = open_node(device);
  if (opened) begin_life(device);
  else close_node(device);
  // A reader that is not there yet is looked for again at each request.
  if (opened) open_line(device);
  g_mutex_unlock(&lock);
  if (!opened) return false;
  allow(device, true);
  if (!umockdev_testbed_attach_ioctl(testbed, device->devnode, device->handler, NULL)) return false;
  device->syspath = add_to_tree(device->port, device->number, device->devnode);
  return device->syspath != NULL;
}

static void leave(Device *device) {
  g_mutex_lock(&lock);
  device->plugged = device->removal_due = false;
  transfers_end(device, -ENODEV);
  set_ready(device, true);
  close_line(device);
  g_mutex_unlock(&lock);
  // The sender reads sysfs, so this comes before the removal.
  umockdev_testbed_uevent(testbed, device->syspath, "remove");
  g_mutex_lock(&lock);
  close_node(device);
  g_mutex_unlock(&lock);
  umockdev_testbed_detach_ioctl(testbed, device->devnode, NULL);
  char *path = real_path(device->devnode);
  unlink(path);
  g_free(path);
  umockdev_testbed_remove_device(testbed, device->syspath);
  g_clear_pointer(&device->syspath, g_free);
}

static bool can_fail(FaultKind kind) {
  (void)kind;
  return true;
}

const Bus played_bus = {arrive, leave, allow, usbfs_done, can_fail};
