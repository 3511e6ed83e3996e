// SPDX-License-Identifier: Apache-2.0

// Which devices there are, and what a new life of one begins with.

#include "simulator.h"

#include <string.h>

static Device *devices[MOST_DEVICES];
static int device_count;

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
  device->tty = device->master = device->slave = device->cable = -1;
  device->head = g_byte_array_new();
  device->request = g_byte_array_new();
  device->answer = g_byte_array_new();
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

void begin_life(Device *device) {
  while (!g_queue_is_empty(&device->done)) transfer_freed(g_queue_pop_head(&device->done));
  device_reset(device);
  device->asked = -1;
  device->removal_due = false;
  device->life++;
  device->plugged = true;
}

bool plug(Device *device) { return !device->plugged && bus->plug(device); }

void unplug(Device *device) {
  if (device->plugged) bus->unplug(device);
}
