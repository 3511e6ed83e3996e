// SPDX-License-Identifier: Apache-2.0

// Devices in the mocked tree: their coming and going.

#include "simulator.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static Device *devices[MOST_DEVICES];
static int device_count;
// Device numbers of the bus, taken in turn as the kernel does.
static unsigned next_number = 2;

// -1: no such framing.
int framing_named(const char *name) {
  static const char *const names[] = {
      [FOUR_PIPES] = "four", [TWO_PIPES] = "two", [TWO_INTERRUPT_PIPES] = "interrupt"};
  for (int framing = 0; framing < 3; framing++) {
    if (strcmp(names[framing], name) == 0) return framing;
  }
  return -1;
}

Device *device_at(int index) { return index < device_count ? devices[index] : NULL; }

// Without a name: the first.
Device *device_named(const char *port) {
  if (!port) return device_at(0);
  for (int index = 0; index < device_count; index++) {
    if (strcmp(devices[index]->port, port) == 0) return devices[index];
  }
  return NULL;
}

static Device *new_device(void) {
  Device *device = g_new0(Device, 1);
  device->tty = device->master = device->slave = -1;
  device->head = g_byte_array_new();
  device->request = g_byte_array_new();
  device->answer = g_byte_array_new();
  device->handler = usbfs_handler(device);
  devices[device_count++] = device;
  return device;
}

// One that nobody needs: not plugged in. What the host still holds of it stays dead.
static Device *former_device(void) {
  for (int index = 0; index < device_count; index++) {
    if (!devices[index]->plugged) return devices[index];
  }
  return NULL;
}

// The device of that port from now on, not plugged in yet. NULL: there are too many.
Device *device_made(const char *port, Framing framing, const char *tty_path) {
  Device *device = device_named(port);
  if (!device) {
    device = device_count < MOST_DEVICES ? new_device() : former_device();
    if (!device) return NULL;
    g_strlcpy(device->port, port, sizeof device->port);
    device->opened = device->submitted = device->cleared = device->resets = device->claims = 0;
    device->fault_count = 0;
  }
  device->framing = framing;
  g_strlcpy(device->tty_path, tty_path, sizeof device->tty_path);
  return device;
}

static gsize endpoint_at(uint8_t *place, int address, int attributes) {
  const uint8_t bytes[] = {7, 5, (uint8_t)address, (uint8_t)attributes, PACKET, 0,
                           attributes == 3 ? 1 : 0};
  memcpy(place, bytes, sizeof bytes);
  return sizeof bytes;
}

// Device, configuration, one interface of the maker's own class, and its endpoints (USB
// 2.0, 9.6), as sysfs gives them.
static gsize describe(const Device *device, uint8_t *place) {
  int count = device->framing == FOUR_PIPES ? 4 : 2;
  const uint8_t head[] = {18, 1, 0x10, 0x01, 0, 0, 0, 64, 0x00, 0x04, 0x5A, 0xC3, 0, 1, 0, 0, 0, 1,
                          9, 2, (uint8_t)(18 + 7 * count), 0, 1, 1, 0, 0x80, 50,
                          9, 4, 0, 0, (uint8_t)count, 0xFF, 0, 0, 0};
  int kind = device->framing == TWO_INTERRUPT_PIPES ? 3 : 2;
  memcpy(place, head, sizeof head);
  gsize length = sizeof head;
  for (int body = 0; body < count / 2; body++) {
    length += endpoint_at(place + length, out_endpoint(device, body), kind);
    length += endpoint_at(place + length, in_endpoint(device, body), kind);
  }
  return length;
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
// those of usbfs.
static bool open_node(Device *device) {
  int number = 0, locked = 0;
  device->master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (device->master < 0 || ioctl(device->master, TIOCSPTLCK, &locked) != 0 ||
      ioctl(device->master, TIOCGPTN, &number) != 0)
    return false;
  char slave[32];
  snprintf(slave, sizeof slave, "/dev/pts/%d", number);
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

static void begin_life(Device *device) {
  while (!g_queue_is_empty(&device->done)) transfer_freed(g_queue_pop_head(&device->done));
  packets_dropped(device);
  g_byte_array_set_size(device->head, 0);
  g_byte_array_set_size(device->request, 0);
  device->asked = -1;
  device->halted = 0;
  device->removal_due = false;
  device->life++;
  device->plugged = true;
}

bool plug(Device *device) {
  if (device->plugged) return false;
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

void unplug(Device *device) {
  if (!device->plugged) return;
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

void allow(Device *device, bool allowed) {
  char *path = real_path(device->devnode);
  if (chmod(path, allowed ? 0666 : 0) != 0) perror(path);
  g_free(path);
}
