// SPDX-License-Identifier: Apache-2.0

import CUSB
import Dispatch
import Glibc
import Synchronization

/// libusb's context and its event thread. Whoever holds an open device holds its context,
/// so nothing is open any more when it goes.
final class USBContext: Sendable {
  // libusb guards its context itself; the event thread frees it, last of all.
  nonisolated(unsafe) let pointer: OpaquePointer
  let sightings: USBSightings
  private let loop: EventLoop

  static func begin() throws(LinkFault) -> USBContext {
    var made: OpaquePointer?
    let code = libusb_init(&made)
    guard code == 0, let made else { throw LinkFault(libusb: code) }
    let sightings = USBSightings()
    let watched = watch(made, sightings)
    guard watched == 0 else {
      libusb_exit(made)
      throw LinkFault(libusb: watched)
    }
    return USBContext(made, sightings)
  }

  private init(_ made: OpaquePointer, _ sightings: USBSightings) {
    pointer = made
    self.sightings = sightings
    loop = EventLoop()
    loop.run(made, keeping: sightings)
  }

  /// Never waits: this may run on the event thread itself.
  deinit { loop.end(pointer) }

  /// Asks to hear of every device, those that are there already too. libusb calls back on
  /// the event thread, where it must not be asked to do anything that takes time.
  private static func watch(_ context: OpaquePointer, _ sightings: USBSightings) -> Int32 {
    let events = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED.rawValue | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT.rawValue
    let any = Int32(-1)
    return libusb_hotplug_register_callback(
      context, Int32(events), Int32(LIBUSB_HOTPLUG_ENUMERATE.rawValue), any, any, any,
      { _, device, event, listener in
        guard let device, let listener else { return 0 }
        let sightings = Unmanaged<USBSightings>.fromOpaque(listener).takeUnretainedValue()
        let address = USBSightings.Address(of: device)
        if event == LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT {
          sightings.left(address)
        } else if let seen = USBSightings.Device(device) {
          sightings.arrived(seen, at: address)
        }
        return 0
      },
      Unmanaged.passUnretained(sightings).toOpaque(), nil)
  }
}

private final class EventLoop: Sendable {
  private let isEnding = Atomic<Bool>(false)
  /// Given when nobody will touch the context any more.
  private let isForgotten = DispatchSemaphore(value: 0)

  func run(_ context: OpaquePointer, keeping sightings: USBSightings) {
    // Handed to the one thread that frees it.
    nonisolated(unsafe) let context = context
    DispatchQueue(label: "usb events").async {
      while !self.isEnding.load(ordering: .acquiring) {
        let code = libusb_handle_events_completed(context, nil)
        // Nothing of ours can mend that; without a rest the thread would spin.
        if code != 0, code != LIBUSB_ERROR_INTERRUPTED.rawValue { poll(nil, 0, 100) }
      }
      self.isForgotten.wait()
      libusb_exit(context)
      withExtendedLifetime(sightings) {}
    }
  }

  func end(_ context: OpaquePointer) {
    isEnding.store(true, ordering: .releasing)
    libusb_interrupt_event_handler(context)
    isForgotten.signal()
  }
}

extension USBSightings.Address {
  init(of device: OpaquePointer) {
    self.init(bus: libusb_get_bus_number(device), number: libusb_get_device_address(device))
  }
}

extension USBSightings.Device {
  /// Nil for a root hub, and when the device left in the meantime.
  init?(_ device: OpaquePointer) {
    var descriptor = libusb_device_descriptor()
    var ports = [UInt8](repeating: 0, count: 7)
    let depth = libusb_get_port_numbers(device, &ports, Int32(ports.count))
    guard depth > 0, libusb_get_device_descriptor(device, &descriptor) == 0 else { return nil }
    let path = ports.prefix(Int(depth)).map { String($0) }.joined(separator: ".")
    self.init(
      vendor: descriptor.idVendor, product: descriptor.idProduct,
      port: "\(libusb_get_bus_number(device))-\(path)")
  }
}
