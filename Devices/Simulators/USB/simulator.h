// SPDX-License-Identifier: Apache-2.0

// A USB device that is a reader on a tty: what the host writes to its endpoints goes to the
// tty, what the tty answers comes back in packets. The host's kernel is either played under
// umockdev (usbfs, for the libusb of an unmodified program), or it is a real one, with the
// device on its virtual host controller.

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

// One transfer of the host, between its submission and its end.
typedef struct {
  gulong name;  // the host's own for it, by which it gives it up
  int endpoint;
  uint8_t setup[8];  // of a control transfer (USB 2.0, 9.3)
  uint8_t *bytes;  // of the host's
  gsize room;
  unsigned filled;
  UMockdevIoctlData *urb, *buffer;  // played kernel only
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

  bool plugged;
  bool removal_due;

  // Played kernel.
  UMockdevIoctlBase *handler;
  char *syspath, devnode[32];
  unsigned number;
  unsigned life;  // counts plugs: what was opened in a former life is dead
  int master, slave;  // of the pseudo-terminal that plays the device node
  bool parked;  // the slave's output is stopped: nothing to be reaped
  GQueue done;  // Transfer

  // Real kernel.
  int cable;  // our end of the line to its host controller; -1: none
  GThread *thread;

  GQueue pending;  // Transfer
  GQueue packets[16];  // Packet, by endpoint number
  unsigned halted;  // endpoints, one bit each (IN: upper half)
  GByteArray *head, *request, *answer;
  int asked;  // command and parameter of the last whole request; -1: none

  Fault faults[MOST_FAULTS];
  int fault_count;

  unsigned opened, submitted, cleared, resets, claims;
} Device;

// What the devices hang on.
typedef struct {
  bool (*plug)(Device *device);
  void (*unplug)(Device *device);
  void (*allow)(Device *device, bool allowed);
  // Tells the host; the transfer is its own from then on.
  void (*done)(Device *device, Transfer *transfer, int status);
  bool (*can_fail)(FaultKind kind);
} Bus;

extern const Bus played_bus, kernel_bus;
extern const Bus *bus;
extern UMockdevTestbed *testbed;
extern GMutex lock;  // over all devices: their hosts speak on threads of their own

// devices.c
int framing_named(const char *name);
Device *device_named(const char *port);
Device *device_at(int index);
Device *device_made(const char *port, Framing framing, const char *tty_path);
void begin_life(Device *device);
bool plug(Device *device);
void unplug(Device *device);

// requests.c
gsize describe(const Device *device, uint8_t *place);
int answer_request(Device *device, Transfer *transfer);
void device_reset(Device *device);

// transfers.c
void transfer_begun(Device *device, Transfer *transfer);
void transfer_done(Device *device, Transfer *transfer, int status);
void transfers_end(Device *device, int status);
void transfer_freed(Transfer *transfer);
Transfer *pending_named(Device *device, gulong name);
void packets_dropped(Device *device);
void send_packets(Device *device, int endpoint, const uint8_t *bytes, gsize length);
void send_status(Device *device, int endpoint, int status);
void deliver(Device *device, int endpoint);
unsigned endpoint_bit(int endpoint);

// played.c
void set_ready(Device *device, bool ready);

// usbfs.c
UMockdevIoctlBase *usbfs_handler(Device *device);
UMockdevIoctlBase *passing_handler(void);
void usbfs_done(Device *device, Transfer *transfer, int status);

// usbip.c
gpointer serve_cable(gpointer device);
void usbip_done(Device *device, Transfer *transfer, int status);

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
