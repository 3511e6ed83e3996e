// SPDX-License-Identifier: Apache-2.0

import CUSB
import Glibc
import Synchronization

/// An open device with its interface claimed. A transfer under way holds its device, so
/// the handle is closed only when libusb owes no callback. Everything here may block, and
/// belongs on the link's thread; on the event thread it would wait for itself.
final class USBDevice: Sendable {
  // libusb guards its handle itself; `isOpen` says whether it still is one.
  nonisolated(unsafe) let handle: OpaquePointer
  let pipes: USBPipes
  let port: String
  private let context: USBContext
  private let thread: LinkThread
  private let opened = Atomic<Bool>(true)

  var isOpen: Bool { opened.load(ordering: .acquiring) }

  private init(
    _ handle: OpaquePointer, _ pipes: USBPipes, _ port: String, _ context: USBContext, _ thread: LinkThread
  ) {
    self.handle = handle
    self.pipes = pipes
    self.port = port
    self.context = context
    self.thread = thread
  }

  deinit {
    guard isOpen else { return }
    // The last holder may be a callback; libusb must not close a handle there.
    nonisolated(unsafe) let handle = handle
    thread.run { [context] in withExtendedLifetime(context) { libusb_close(handle) } }
  }

  /// Once; no transfer may be under way.
  func close() {
    guard opened.exchange(false, ordering: .acquiringAndReleasing) else { return }
    libusb_release_interface(handle, Int32(pipes.interface))
    libusb_close(handle)
  }

  /// Takes back what a stall left. Whether that helps, the next transfer shows.
  func clearHalt(_ pipe: USBPipe) {
    guard isOpen else { return }
    libusb_clear_halt(handle, pipe.address)
  }

  /// libusb releases the interface and claims it again, so transfers under way would end
  /// as if the device were gone.
  func reset() throws(LinkFault) {
    guard isOpen else { throw .gone }
    let code = libusb_reset_device(handle)
    guard code == 0 else { throw LinkFault(libusb: code) }
  }
}

extension USBDevice {
  /// Opens the first device by port that fits and can be had.
  ///
  /// - Throws: of several that cannot be had, what the last one said; `gone` without any;
  ///   `broken(ENOTSUP)` for a device whose descriptors show no such pipes.
  static func open(
    _ match: USBMatch, framing: USBFraming?, in context: USBContext, thread: LinkThread
  ) throws(LinkFault) -> USBDevice {
    var list: UnsafeMutablePointer<OpaquePointer?>?
    let count = libusb_get_device_list(context.pointer, &list)
    guard count >= 0, let list else { throw LinkFault(libusb: Int32(clamping: count)) }
    defer { libusb_free_device_list(list, 1) }
    let fitting = UnsafeBufferPointer(start: list, count: count).compactMap { device in
      device.flatMap { device in USBSightings.Device(device).map { (device, $0) } }
    }
    .filter { match.fits($0.1) }.sorted { $0.1.port < $1.1.port }
    var fault = LinkFault.gone
    for (device, seen) in fitting {
      do throws(LinkFault) {
        return try open(device, at: seen.port, framing, context, thread)
      } catch {
        fault = error
      }
    }
    throw fault
  }

  private static func open(
    _ device: OpaquePointer, at port: String, _ framing: USBFraming?, _ context: USBContext,
    _ thread: LinkThread
  ) throws(LinkFault) -> USBDevice {
    guard let pipes = USBPipes(of: interfaces(of: device), framing: framing) else {
      throw .broken(ENOTSUP)
    }
    var opened: OpaquePointer?
    let code = libusb_open(device, &opened)
    guard code == 0, let opened else { throw LinkFault(libusb: code) }
    libusb_set_auto_detach_kernel_driver(opened, 1)
    let claimed = libusb_claim_interface(opened, Int32(pipes.interface))
    guard claimed == 0 else {
      libusb_close(opened)
      throw LinkFault(libusb: claimed)
    }
    return USBDevice(opened, pipes, port, context, thread)
  }

  private static func interfaces(of device: OpaquePointer) -> [USBInterface] {
    var read: UnsafeMutablePointer<libusb_config_descriptor>?
    // Without an active one the kernel has not set the device up; then the first tells.
    if libusb_get_active_config_descriptor(device, &read) != 0 {
      guard libusb_get_config_descriptor(device, 0, &read) == 0 else { return [] }
    }
    guard let read else { return [] }
    defer { libusb_free_config_descriptor(read) }
    let interfaces = UnsafeBufferPointer(
      start: read.pointee.interface, count: Int(read.pointee.bNumInterfaces))
    return interfaces.compactMap { $0.num_altsetting > 0 ? $0.altsetting.map { USBInterface($0.pointee) } : nil }
  }
}

extension USBInterface {
  fileprivate init(_ setting: libusb_interface_descriptor) {
    let endpoints = UnsafeBufferPointer(start: setting.endpoint, count: Int(setting.bNumEndpoints))
    self.init(
      number: setting.bInterfaceNumber, kind: setting.bInterfaceClass,
      pipes: endpoints.compactMap { USBPipe($0) })
  }
}

extension USBPipe {
  /// Nil for control and isochronous endpoints (USB 2.0, 9.6.6).
  fileprivate init?(_ endpoint: libusb_endpoint_descriptor) {
    let kind = endpoint.bmAttributes & 0x03
    guard kind == 2 || kind == 3 else { return nil }
    self.init(
      address: endpoint.bEndpointAddress, isInterrupt: kind == 3,
      packet: max(Int(endpoint.wMaxPacketSize & 0x07FF), 1))
  }
}
