// SPDX-License-Identifier: Apache-2.0

// A USB device that is a reader on a tty: what the host writes to its endpoints goes to the
// tty, what the tty answers comes back in packets. The kernel's side of usbfs is played
// under umockdev, for the libusb of an unmodified program.

#pragma once

#define _GNU_SOURCE

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <umockdev.h>

enum { PACKET = 64, MOST_DEVICES = 64, HEAD = 7, MOST_FAULTS = 16 };

typedef enum { FOUR_PIPES, TWO_PIPES, TWO_INTERRUPT_PIPES } Framing;

typedef enum {
  // What comes back.
  FAULT_SHORT, FAULT_SILENCE, FAULT_STALL, FAULT_LINE, FAULT_SHUTDOWN, FAULT_GONE, FAULT_BABBLE,
  FAULT_EMPTY, FAULT_SPLIT, FAULT_GARBAGE, FAULT_REMOVE,
  // What is asked of the device.
  FAULT_OUT_STALL, FAULT_OUT_SILENCE, FAULT_SUBMIT, FAULT_BUSY, FAULT_RESET_GONE,
  FAULT_KINDS
} FaultKind;

typedef struct {
  FaultKind kind;
  int times;
  int request;  // command and parameter of the request it hits; -1: any
} Fault;

// One transfer of the host, between its submission and its reaping.
typedef struct {
  UMockdevIoctlData *urb, *buffer;
  gulong address;  // in the host's memory
  int endpoint;
  unsigned filled;
} Transfer;

// One packet on its way to the host, or the status that comes in place of one.
typedef struct {
  int status;
  gsize length;
  uint8_t bytes[PACKET];
} Packet;

typedef struct {
  char port[32];
  Framing framing;
  char tty_path[256];
  int tty;  // -1: not open

  UMockdevIoctlBase *handler;
  char *syspath, devnode[32];
  unsigned number;
  bool plugged;
  bool removal_due;
  unsigned life;  // counts plugs: what was opened in a former life is dead
  int master, slave;  // of the pseudo-terminal that plays the device node
  bool parked;  // the slave's output is stopped: nothing to be reaped

  GQueue pending, done;  // Transfer
  GQueue packets[16];  // Packet, by endpoint number
  unsigned halted;  // endpoints, one bit each (IN: upper half)
  GByteArray *head, *request, *answer;
  int asked;  // command and parameter of the last whole request; -1: none

  Fault faults[MOST_FAULTS];
  int fault_count;

  unsigned opened, submitted, cleared, resets, claims;
} Device;

extern UMockdevTestbed *testbed;
extern GMutex lock;  // over all devices: umockdev calls on a thread of its own

// devices.c
int framing_named(const char *name);
Device *device_named(const char *port);
Device *device_at(int index);
Device *device_made(const char *port, Framing framing, const char *tty_path);
bool plug(Device *device);
void unplug(Device *device);
void allow(Device *device, bool allowed);

// transfers.c
void transfer_begun(Device *device, Transfer *transfer);
void transfer_done(Device *device, Transfer *transfer, int status);
void transfers_end(Device *device, int status);
void transfer_freed(Transfer *transfer);
Transfer *pending_at(Device *device, gulong address);
void packets_dropped(Device *device);
void send_packets(Device *device, int endpoint, const uint8_t *bytes, gsize length);
void send_status(Device *device, int endpoint, int status);
void deliver(Device *device, int endpoint);
void set_ready(Device *device, bool ready);
unsigned endpoint_bit(int endpoint);

// usbfs.c
UMockdevIoctlBase *usbfs_handler(Device *device);
UMockdevIoctlBase *passing_handler(void);

// line.c
bool open_line(Device *device);
void close_line(Device *device);
void host_wrote(Device *device, int endpoint, const uint8_t *bytes, gsize length);
void line_gave(Device *device, const uint8_t *bytes, gsize length);
void line_fell_silent(Device *device);
bool is_answering(const Device *device);
int out_endpoint(const Device *device, bool body);
int in_endpoint(const Device *device, bool body);

// faults.c
int fault_kind(const char *name);
bool add_fault(Device *device, FaultKind kind, int times, int request);
bool has_fault(Device *device, FaultKind kind);
int answer_fault(Device *device);

// control.c
bool control_begun(const char *path);
void control_ended(void);
void wake_control(void);
