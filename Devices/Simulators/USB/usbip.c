// SPDX-License-Identifier: Apache-2.0

// The kernel's host controller speaks USB/IP (Linux, Documentation/usb/usbip_protocol.rst):
// heads of 48 bytes, numbers in network order, behind some of them the transfer's bytes.

#include "simulator.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { CMD_SUBMIT = 1, CMD_UNLINK, RET_SUBMIT, RET_UNLINK };
enum { DIRECTION_IN = 1, MOST_BYTES = 1 << 20 };

// By place, in words of four bytes.
enum { COMMAND, SEQUENCE, DEVICE, DIRECTION, ENDPOINT, STATUS, LENGTH, SETUP = 10, WORDS = 12 };

static bool take(int cable, void *place, gsize length) {
  return length == 0 || recv(cable, place, length, MSG_WAITALL) == (ssize_t)length;
}

static void give(int cable, const uint32_t *head, const uint8_t *bytes, gsize length) {
  // A cable that was pulled takes nothing; its thread sees that.
  if (send(cable, head, WORDS * sizeof *head, MSG_NOSIGNAL) < 0 || !length) return;
  if (send(cable, bytes, length, MSG_NOSIGNAL) < 0) return;
}

// The transfer's last moment. Bytes that came are sent whatever the status is.
void usbip_done(Device *device, Transfer *transfer, int status) {
  uint32_t head[WORDS] = {[COMMAND] = htonl(RET_SUBMIT), [SEQUENCE] = htonl((uint32_t)transfer->name),
                          [STATUS] = htonl((uint32_t)status), [LENGTH] = htonl(transfer->filled)};
  bool is_incoming = transfer->endpoint & 0x80 || (!(transfer->endpoint & 15) && transfer->setup[0] & 0x80);
  if (device->cable >= 0) give(device->cable, head, transfer->bytes, is_incoming ? transfer->filled : 0);
  transfer_freed(transfer);
}

static Transfer *read_transfer(int cable, const uint32_t *head) {
  Transfer *transfer = g_new0(Transfer, 1);
  bool is_incoming = ntohl(head[DIRECTION]) == DIRECTION_IN;
  int endpoint = (int)ntohl(head[ENDPOINT]) & 15;
  transfer->name = ntohl(head[SEQUENCE]);
  transfer->endpoint = endpoint && is_incoming ? endpoint | 0x80 : endpoint;
  transfer->room = ntohl(head[LENGTH]);
  memcpy(transfer->setup, head + SETUP, sizeof transfer->setup);
  if (transfer->room <= MOST_BYTES) {
    transfer->bytes = g_malloc0(MAX(transfer->room, 1));
    if (is_incoming || take(cable, transfer->bytes, transfer->room)) return transfer;
  }
  transfer_freed(transfer);
  return NULL;
}

// The status is that of a transfer given up, or 0 when it had ended before.
static void unlink_transfer(Device *device, const uint32_t *request) {
  Transfer *transfer = pending_named(device, ntohl(request[STATUS]));
  uint32_t head[WORDS] = {[COMMAND] = htonl(RET_UNLINK), [SEQUENCE] = request[SEQUENCE],
                          [STATUS] = htonl(transfer ? (uint32_t)-ECONNRESET : 0)};
  if (transfer) {
    g_queue_remove(&device->pending, transfer);
    transfer_freed(transfer);
  }
  give(device->cable, head, NULL, 0);
}

static bool serve_one(Device *device, int cable) {
  uint32_t head[WORDS];
  if (!take(cable, head, sizeof head)) return false;
  Transfer *transfer = NULL;
  bool is_unlink = ntohl(head[COMMAND]) == CMD_UNLINK;
  if (!is_unlink && !(transfer = read_transfer(cable, head))) return false;
  g_mutex_lock(&lock);
  bool there = device->cable == cable;
  if (!there && transfer) transfer_freed(transfer);
  else if (there && is_unlink) unlink_transfer(device, head);
  else if (there) transfer_begun(device, transfer);
  g_mutex_unlock(&lock);
  return there;
}

// The thread of one life; ends when the cable is pulled on either side.
gpointer serve_cable(gpointer user) {
  Device *device = user;
  g_mutex_lock(&lock);
  int cable = device->cable;
  g_mutex_unlock(&lock);
  while (cable >= 0 && serve_one(device, cable)) {
  }
  return NULL;
}
