// SPDX-License-Identifier: Apache-2.0

// What the device says of itself, and does when it is asked to on endpoint 0.

#include "simulator.h"

#include <errno.h>
#include <string.h>

static gsize endpoint_at(uint8_t *place, int address, int attributes) {
  const uint8_t bytes[] = {7, 5, (uint8_t)address, (uint8_t)attributes, PACKET, 0,
                           attributes == 3 ? 1 : 0};
  memcpy(place, bytes, sizeof bytes);
  return sizeof bytes;
}

// Device, configuration, one interface of the maker's own class, and its endpoints (USB
// 2.0, 9.6), as sysfs gives them.
gsize describe(const Device *device, uint8_t *place) {
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

// As after power-on; what the host waits for is its own matter.
void device_reset(Device *device) {
  packets_dropped(device);
  g_byte_array_set_size(device->head, 0);
  g_byte_array_set_size(device->request, 0);
  device->halted = 0;
}

static int give(Transfer *transfer, const uint8_t *bytes, gsize length) {
  gsize wanted = (gsize)(transfer->setup[6] | transfer->setup[7] << 8);
  transfer->filled = (unsigned)MIN(MIN(length, wanted), transfer->room);
  if (transfer->filled) memcpy(transfer->bytes, bytes, transfer->filled);
  return 0;
}

// Of strings there is only the list of languages.
static int give_descriptor(const Device *device, Transfer *transfer) {
  static const uint8_t languages[4] = {4, 3, 9, 4};
  enum { DEVICE = 1, CONFIGURATION, STRING, DEVICE_LENGTH = 18 };
  uint8_t bytes[128];
  gsize length = describe(device, bytes);
  switch (transfer->setup[3]) {
  case DEVICE: return give(transfer, bytes, DEVICE_LENGTH);
  case CONFIGURATION: return give(transfer, bytes + DEVICE_LENGTH, length - DEVICE_LENGTH);
  case STRING: return transfer->setup[2] ? -EPIPE : give(transfer, languages, sizeof languages);
  default: return -EPIPE;
  }
}

// The standard requests (USB 2.0, 9.4); any other stalls. Returns the transfer's status.
int answer_request(Device *device, Transfer *transfer) {
  enum { GET_STATUS, CLEAR_FEATURE, GET_DESCRIPTOR = 6, SET_CONFIGURATION = 9, SET_INTERFACE = 11 };
  static const uint8_t nothing[2] = {0, 0};
  enum { TYPE = 0x60, TO_ENDPOINT = 2 };
  if (transfer->setup[0] & TYPE) return -EPIPE;
  switch (transfer->setup[1]) {
  case GET_STATUS: return give(transfer, nothing, sizeof nothing);
  case GET_DESCRIPTOR: return give_descriptor(device, transfer);
  case CLEAR_FEATURE:
    if (transfer->setup[0] != TO_ENDPOINT) return 0;
    device->cleared++;
    device->halted &= ~endpoint_bit(transfer->setup[4]);
    return 0;
  // A host asks for it when it has found the device, and after each reset.
  case SET_CONFIGURATION: device_reset(device); return 0;
  case SET_INTERFACE: return 0;
  default: return -EPIPE;
  }
}
