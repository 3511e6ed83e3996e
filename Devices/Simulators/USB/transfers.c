// SPDX-License-Identifier: Apache-2.0

// The host controller's part: transfers wait for packets.

#include "simulator.h"

#include <errno.h>
#include <string.h>

unsigned endpoint_bit(int endpoint) {
  return 1u << ((endpoint & 15) | (endpoint & 0x80 ? 16 : 0));
}

void transfer_freed(Transfer *transfer) {
  if (transfer->buffer) g_object_unref(transfer->buffer);
  if (transfer->urb) g_object_unref(transfer->urb);
  else g_free(transfer->bytes);
  g_free(transfer);
}

void transfer_done(Device *device, Transfer *transfer, int status) {
  bus->done(device, transfer, status);
}

static void out(Device *device, Transfer *transfer) {
  if (has_fault(device, FAULT_OUT_STALL)) device->halted |= endpoint_bit(transfer->endpoint);
  if (device->halted & endpoint_bit(transfer->endpoint)) {
    transfer_done(device, transfer, -EPIPE);
    return;
  }
  if (has_fault(device, FAULT_OUT_SILENCE)) {
    // Waits until the host gives it up.
    g_queue_push_tail(&device->pending, transfer);
    return;
  }
  gsize length = transfer->room;
  transfer->filled = (unsigned)length;
  int endpoint = transfer->endpoint;
  gpointer copy = length ? g_memdup2(transfer->bytes, length) : NULL;
  transfer_done(device, transfer, 0);
  if (length) host_wrote(device, endpoint, copy, length);
  g_free(copy);
}

// An IN transfer waits for packets.
void transfer_begun(Device *device, Transfer *transfer) {
  device->submitted++;
  if (!(transfer->endpoint & 15)) {
    transfer_done(device, transfer, answer_request(device, transfer));
  } else if (transfer->endpoint & 0x80) {
    g_queue_push_tail(&device->pending, transfer);
    deliver(device, transfer->endpoint);
  } else {
    out(device, transfer);
  }
}

void transfers_end(Device *device, int status) {
  while (!g_queue_is_empty(&device->pending))
    transfer_done(device, g_queue_pop_head(&device->pending), status);
}

Transfer *pending_named(Device *device, gulong name) {
  for (GList *link = device->pending.head; link; link = link->next) {
    Transfer *transfer = link->data;
    if (transfer->name == name) return transfer;
  }
  return NULL;
}

void packets_dropped(Device *device) {
  for (int number = 0; number < 16; number++)
    g_queue_clear_full(&device->packets[number], g_free);
}

static Transfer *pending_on(Device *device, int endpoint) {
  for (GList *link = device->pending.head; link; link = link->next) {
    Transfer *transfer = link->data;
    if (transfer->endpoint == endpoint) return transfer;
  }
  return NULL;
}

// Puts one packet into the transfer. Returns whether that ends it, and how.
static bool take_packet(Transfer *transfer, const Packet *packet, int *status) {
  gsize room = transfer->room - transfer->filled;
  gsize length = MIN(packet->length, room);
  if (length) memcpy(transfer->bytes + transfer->filled, packet->bytes, length);
  transfer->filled += (unsigned)length;
  *status = packet->length > room ? -EOVERFLOW : packet->status;
  return *status || packet->length < PACKET || transfer->filled == transfer->room;
}

// As on a bulk pipe: a transfer takes packets until one is short or its room is full.
void deliver(Device *device, int endpoint) {
  GQueue *packets = &device->packets[endpoint & 15];
  Transfer *transfer;
  while ((transfer = pending_on(device, endpoint))) {
    int status = -EPIPE;
    if (!(device->halted & endpoint_bit(endpoint))) {
      if (g_queue_is_empty(packets)) return;
      Packet *packet = g_queue_pop_head(packets);
      bool ended = take_packet(transfer, packet, &status);
      g_free(packet);
      if (!ended) continue;
      // A stalled endpoint stays so until the host clears it.
      if (status == -EPIPE) device->halted |= endpoint_bit(endpoint);
    }
    g_queue_remove(&device->pending, transfer);
    transfer_done(device, transfer, status);
  }
}

void send_packets(Device *device, int endpoint, const uint8_t *bytes, gsize length) {
  do {
    Packet *packet = g_new0(Packet, 1);
    packet->length = MIN(length, (gsize)PACKET);
    if (packet->length) memcpy(packet->bytes, bytes, packet->length);
    bytes += packet->length;
    length -= packet->length;
    g_queue_push_tail(&device->packets[endpoint & 15], packet);
  } while (length);
}

void send_status(Device *device, int endpoint, int status) {
  Packet *packet = g_new0(Packet, 1);
  packet->status = status;
  // What came before the host saw that it was too much.
  if (status == -EOVERFLOW) packet->length = PACKET;
  g_queue_push_tail(&device->packets[endpoint & 15], packet);
}
