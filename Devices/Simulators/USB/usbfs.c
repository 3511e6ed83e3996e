// SPDX-License-Identifier: Apache-2.0

// The kernel's usbfs: what each ioctl of libusb does. Runs on umockdev's thread; no ioctl
// is held back, since others on the same file would wait for it.

#include "simulator.h"

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/ioctl.h>

static const char life_key[] = "life";

// What was opened before an unplug stays dead, also when a device is there again.
static bool is_stale(const Device *device, UMockdevIoctlClient *client) {
  return GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(client), life_key)) != device->life;
}

static void on_open(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer user) {
  (void)base;
  Device *device = user;
  g_mutex_lock(&lock);
  device->opened++;
  g_object_set_data(G_OBJECT(client), life_key, GUINT_TO_POINTER(device->life));
  g_mutex_unlock(&lock);
}

// Laid ready for reaping.
void usbfs_done(Device *device, Transfer *transfer, int status) {
  struct usbdevfs_urb *urb = (struct usbdevfs_urb *)(void *)transfer->urb->data;
  urb->status = status;
  urb->actual_length = (int)transfer->filled;
  g_queue_push_tail(&device->done, transfer);
  set_ready(device, true);
}

// A control transfer's buffer begins with its set-up packet.
static void read_buffer(Transfer *transfer, bool is_control) {
  if (!transfer->buffer) return;
  transfer->bytes = transfer->buffer->data;
  transfer->room = transfer->buffer->data_len;
  if (!is_control || transfer->room < sizeof transfer->setup) return;
  memcpy(transfer->setup, transfer->bytes, sizeof transfer->setup);
  transfer->bytes += sizeof transfer->setup;
  transfer->room -= sizeof transfer->setup;
}

static int submit(Device *device, UMockdevIoctlData *data, gulong address) {
  if (has_fault(device, FAULT_SUBMIT)) return EIO;
  struct usbdevfs_urb *urb = (struct usbdevfs_urb *)(void *)data->data;
  Transfer *transfer = g_new0(Transfer, 1);
  transfer->urb = g_object_ref(data);
  transfer->name = address;
  transfer->endpoint = urb->endpoint;
  if (urb->buffer_length > 0) {
    transfer->buffer = umockdev_ioctl_data_resolve(
        data, G_STRUCT_OFFSET(struct usbdevfs_urb, buffer), (gsize)urb->buffer_length, NULL);
  }
  read_buffer(transfer, urb->type == USBDEVFS_URB_TYPE_CONTROL);
  transfer_begun(device, transfer);
  return 0;
}

static int reap(Device *device, UMockdevIoctlData *data) {
  Transfer *transfer = g_queue_pop_head(&device->done);
  if (!transfer) return device->plugged ? EAGAIN : ENODEV;
  umockdev_ioctl_data_set_ptr(data, 0, transfer->urb);
  transfer_freed(transfer);
  if (g_queue_is_empty(&device->done)) set_ready(device, false);
  return 0;
}

static int discard(Device *device, gulong address) {
  Transfer *transfer = pending_named(device, address);
  if (!transfer) return EINVAL;
  g_queue_remove(&device->pending, transfer);
  transfer_done(device, transfer, -ENOENT);
  return 0;
}

static int claim(Device *device) {
  device->claims++;
  return has_fault(device, FAULT_BUSY) ? EBUSY : 0;
}

static int clear(Device *device, const UMockdevIoctlData *data) {
  unsigned endpoint = 0;
  memcpy(&endpoint, data->data, sizeof endpoint);
  device->cleared++;
  device->halted &= ~endpoint_bit((int)endpoint);
  return 0;
}

static int reset(Device *device) {
  device->resets++;
  if (has_fault(device, FAULT_RESET_GONE)) return ENODEV;
  device_reset(device);
  transfers_end(device, -ESHUTDOWN);
  return 0;
}

static int answer(Device *device, gulong request, UMockdevIoctlData *data, gulong address) {
  switch (request) {
  case USBDEVFS_REAPURB:
  case USBDEVFS_REAPURBNDELAY: return reap(device, data);
  case USBDEVFS_DISCARDURB: return discard(device, address);
  case USBDEVFS_GET_CAPABILITIES: {
    guint32 can = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                  USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
    memcpy(data->data, &can, sizeof can);
    return 0;
  }
  // The kernel has no driver of its own for this device.
  case USBDEVFS_GETDRIVER:
  case USBDEVFS_IOCTL: return ENODATA;
  }
  if (!device->plugged) return ENODEV;
  switch (request) {
  case USBDEVFS_SUBMITURB: return submit(device, data, address);
  case USBDEVFS_CLAIMINTERFACE:
  case USBDEVFS_DISCONNECT_CLAIM: return claim(device);
  case USBDEVFS_RELEASEINTERFACE: transfers_end(device, -ESHUTDOWN); return 0;
  case USBDEVFS_CLEAR_HALT:
  case USBDEVFS_RESETEP: return clear(device, data);
  case USBDEVFS_RESET: return reset(device);
  case USBDEVFS_SETINTERFACE:
  case USBDEVFS_SETCONFIGURATION: return 0;
  default: return ENOTTY;
  }
}

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer user) {
  (void)base;
  Device *device = user;
  gulong request = umockdev_ioctl_client_get_request(client);
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg(client);
  gulong address = 0;
  memcpy(&address, argument->data, sizeof address);
  UMockdevIoctlData *data = NULL;
  if (_IOC_SIZE(request)) data = umockdev_ioctl_data_resolve(argument, 0, _IOC_SIZE(request), NULL);
  g_mutex_lock(&lock);
  bool stale = is_stale(device, client);
  int error = stale ? ENODEV : answer(device, request, data, address);
  g_mutex_unlock(&lock);
  if (data) g_object_unref(data);
  umockdev_ioctl_client_complete(client, error ? -1 : 0, error);
  return TRUE;
}

UMockdevIoctlBase *usbfs_handler(Device *device) {
  UMockdevIoctlBase *handler = umockdev_ioctl_base_new();
  g_signal_connect(handler, "handle-ioctl", G_CALLBACK(on_ioctl), device);
  g_signal_connect(handler, "client-connected", G_CALLBACK(on_open), device);
  return handler;
}

static gboolean pass(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer user) {
  (void)base;
  (void)user;
  gint error = 0;
  gint result = umockdev_ioctl_client_execute(client, &error, NULL);
  umockdev_ioctl_client_complete(client, result, error);
  return TRUE;
}

UMockdevIoctlBase *passing_handler(void) {
  UMockdevIoctlBase *handler = umockdev_ioctl_base_new();
  g_signal_connect(handler, "handle-ioctl", G_CALLBACK(pass), NULL);
  return handler;
}
