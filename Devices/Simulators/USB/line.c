// SPDX-License-Identifier: Apache-2.0

// Between endpoints and tty. Knows of the ministry's frames what their pipes need: preamble
// and length. Whole answers go out at once, so that a full one is one transfer.

#include "simulator.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const uint8_t preamble[5] = {0xAA, 0xAA, 0xAA, 0x96, 0x69};

int out_endpoint(const Device *device, bool body) {
  switch (device->framing) {
  case FOUR_PIPES: return body ? 0x06 : 0x02;
  case TWO_PIPES: return 0x03;
  default: return 0x01;
  }
}

int in_endpoint(const Device *device, bool body) {
  switch (device->framing) {
  case FOUR_PIPES: return body ? 0x85 : 0x81;
  case TWO_PIPES: return 0x84;
  default: return 0x81;
  }
}

bool open_line(Device *device) {
  if (device->tty >= 0) return true;
  device->tty = open(device->tty_path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (device->tty < 0) return false;
  struct termios settings;
  if (tcgetattr(device->tty, &settings) == 0) {
    cfmakeraw(&settings);
    tcsetattr(device->tty, TCSANOW, &settings);
  }
  tcflush(device->tty, TCIOFLUSH);
  wake_control();
  return true;
}

void close_line(Device *device) {
  if (device->tty >= 0) close(device->tty);
  device->tty = -1;
  g_byte_array_set_size(device->answer, 0);
}

// How many bytes the frame at the beginning of `bytes` has; 0: none begins there, or its
// length is still to come.
static gsize frame_length(const uint8_t *bytes, gsize count) {
  if (count < HEAD || memcmp(bytes, preamble, sizeof preamble) != 0) return 0;
  return HEAD + ((gsize)bytes[5] << 8 | bytes[6]);
}

// The place of the first whole frame head; -1: none.
static int head_place(const GByteArray *bytes) {
  for (guint at = 0; at + HEAD <= bytes->len; at++) {
    if (frame_length(bytes->data + at, bytes->len - at)) return (int)at;
  }
  return -1;
}

static void pass_on(Device *device, const uint8_t *bytes, gsize length) {
  if (!open_line(device)) return;
  // A tty that takes no ten bytes is a dead one: then the reader does not answer.
  if (write(device->tty, bytes, length) != (ssize_t)length) close_line(device);
}

static void requested(Device *device) {
  const GByteArray *request = device->request;
  int at = head_place(request);
  if (at < 0) return;
  gsize length = frame_length(request->data + at, request->len - (guint)at);
  if (request->len < (guint)at + length) return;
  if (length >= HEAD + 2) device->asked = request->data[at + 7] << 8 | request->data[at + 8];
  g_byte_array_set_size(device->request, 0);
}

// The four-pipe module takes 7 bytes on one pipe and as many as they say on the other;
// anything else it does not answer.
static bool join_pipes(Device *device, bool body, const uint8_t *bytes, gsize length) {
  if (!body) {
    g_byte_array_set_size(device->head, 0);
    if (length != HEAD || !frame_length(bytes, length)) return false;
    g_byte_array_append(device->head, bytes, HEAD);
    return false;
  }
  bool fits = device->head->len == HEAD && frame_length(device->head->data, HEAD) == HEAD + length;
  if (!fits) g_byte_array_set_size(device->head, 0);
  return fits;
}

void host_wrote(Device *device, int endpoint, const uint8_t *bytes, gsize length) {
  if (device->framing == FOUR_PIPES) {
    if (!join_pipes(device, endpoint == out_endpoint(device, true), bytes, length)) return;
    g_byte_array_append(device->head, bytes, (guint)length);
    g_byte_array_append(device->request, device->head->data, device->head->len);
    requested(device);
    pass_on(device, device->head->data, device->head->len);
    g_byte_array_set_size(device->head, 0);
    return;
  }
  g_byte_array_append(device->request, bytes, (guint)length);
  requested(device);
  pass_on(device, bytes, length);
}

static void send_split(Device *device, int endpoint, const uint8_t *bytes, gsize length) {
  gsize first = MIN(length, (gsize)5);
  send_packets(device, endpoint, bytes, first);
  if (length > first) send_packets(device, endpoint, bytes + first, length - first);
}

static void send_piece(Device *device, bool body, const uint8_t *bytes, gsize length, int fault) {
  int endpoint = in_endpoint(device, body);
  static const uint8_t noise[6] = {0x01, 0x02, 0x03, 0xAA, 0xAA, 0x05};
  if (fault == FAULT_EMPTY) send_packets(device, endpoint, NULL, 0);
  if (fault == FAULT_GARBAGE && !body) send_packets(device, endpoint, noise, sizeof noise);
  if (fault == FAULT_SPLIT) send_split(device, endpoint, bytes, length);
  else send_packets(device, endpoint, bytes, length);
}

// 0: the fault leaves bytes to be sent.
static int status_of(int fault) {
  switch (fault) {
  case FAULT_STALL: return -EPIPE;
  case FAULT_LINE: return -EPROTO;
  case FAULT_SHUTDOWN: return -ESHUTDOWN;
  case FAULT_GONE: return -ENODEV;
  case FAULT_BABBLE: return -EOVERFLOW;
  default: return 0;
  }
}

static void answered(Device *device, const uint8_t *bytes, gsize length) {
  int fault = answer_fault(device);
  if (fault == FAULT_SILENCE) return;
  if (fault == FAULT_REMOVE) {
    device->removal_due = true;
    wake_control();
    return;
  }
  if (fault == FAULT_SHORT) length -= MIN(length, (gsize)3);
  bool four = device->framing == FOUR_PIPES;
  GByteArray all = {(guint8 *)bytes, (guint)length};
  int at = four ? head_place(&all) : -1;
  gsize head = at < 0 ? length : (gsize)at + HEAD;
  bool has_body = length > head;
  int status = status_of(fault);
  if (!status || has_body) send_piece(device, false, bytes, head, fault);
  if (status) send_status(device, in_endpoint(device, has_body), status);
  else if (has_body) send_piece(device, true, bytes + head, length - head, fault);
  deliver(device, in_endpoint(device, false));
  if (four) deliver(device, in_endpoint(device, true));
}

void line_gave(Device *device, const uint8_t *bytes, gsize length) {
  g_byte_array_append(device->answer, bytes, (guint)length);
  int at;
  while ((at = head_place(device->answer)) >= 0) {
    gsize whole = (gsize)at + frame_length(device->answer->data + at, device->answer->len - (guint)at);
    if (device->answer->len < whole) return;
    if (device->plugged) answered(device, device->answer->data, whole);
    g_byte_array_remove_range(device->answer, 0, (guint)whole);
  }
}

bool is_answering(const Device *device) { return device->answer->len > 0; }

// What is no whole frame goes out as it is.
void line_fell_silent(Device *device) {
  if (!is_answering(device)) return;
  if (device->plugged) answered(device, device->answer->data, device->answer->len);
  g_byte_array_set_size(device->answer, 0);
}
