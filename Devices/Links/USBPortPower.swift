// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Takes a USB port's power away and gives it back, by way of the kernel: the file
/// `disable` of the port's hub (Linux 6.0 and later; Documentation/ABI/testing/sysfs-bus-usb).
/// Only hubs that can switch power do; the kernel drops the device from the bus in any case,
/// and finds it anew afterwards.
///
/// Not tried on hardware.
public struct USBPortPower: Sendable {
  private let sysfs: String

  /// - Parameter sysfs: where sysfs is mounted.
  public init(sysfs: String = "/sys") { self.sysfs = sysfs }

  /// Switches `port` (named as in `USBMatch.port`) off, and on again after `pause`, when
  /// the task is cancelled at once.
  ///
  /// - Throws: `gone` without such a port or such a kernel; `denied` without the right to
  ///   write the file, which root alone has unless a udev rule gives it.
  public func cycle(
    _ port: String, pause: Duration, clock: some Clock<Duration>
  ) async throws(LinkFault) {
    guard let path = path(of: port) else { throw .gone }
    try await set(path, disabled: true)
    // Ends early only when cancelled; a port must not stay off.
    try? await clock.sleep(for: pause)
    try await set(path, disabled: false)
  }

  /// Nil when `port` is no port's name.
  func path(of port: String) -> String? {
    guard USBMatch.isPort(port), let cut = port.lastIndex(where: { $0 == "." || $0 == "-" }) else { return nil }
    let hub = port[..<cut]
    let number = port[port.index(after: cut)...]
    // A root hub is a device named usb1, but its interface is named 1-0:1.0.
    let isRoot = port[cut] == "-"
    let interface = isRoot ? "\(hub)-0" : "\(hub)"
    return "\(sysfs)/bus/usb/devices/\(interface):1.0/\(isRoot ? "usb" : "")\(hub)-port\(number)/disable"
  }

  /// The kernel may take seconds over it.
  private func set(_ path: String, disabled: Bool) async throws(LinkFault) {
    let written = await LinkThread(label: "usb port").result { () throws(LinkFault) in
      let file = open(path, O_WRONLY | O_CLOEXEC)
      guard file >= 0 else { throw LinkFault(errno: errno) }
      defer { Glibc.close(file) }
      var digit = UInt8(ascii: disabled ? "1" : "0")
      guard write(file, &digit, 1) == 1 else { throw LinkFault(errno: errno) }
    }
    try written.get()
  }
}
