// SPDX-License-Identifier: Apache-2.0

/// Which USB device is meant.
public struct USBMatch: Hashable, Sendable {
  public var vendor: UInt16
  /// Vendor numbers are shared by unlike devices (0400 is one), so both are asked for.
  public var product: UInt16
  /// Where it hangs, as the kernel names it: bus, `-`, ports from the root hub on
  /// (`1-1.2`). Nil: anywhere. Two of one model on one terminal each need it.
  public var port: String?

  public init(vendor: UInt16, product: UInt16, port: String? = nil) {
    self.vendor = vendor
    self.product = product
    self.port = port
  }

  /// The udev rule that must be there for members of `group` to open the device, one line.
  public func udevRule(group: String) -> String {
    let ids = #"ATTR{idVendor}=="\#(vendor.fourDigits)", ATTR{idProduct}=="\#(product.fourDigits)""#
    return #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", \#(ids), GROUP="\#(group)", MODE="0660""#
  }

  /// Whether `text` is a name as `port` takes them.
  public static func isPort(_ text: String) -> Bool {
    let halves = text.split(separator: "-", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return false }
    let numbers = halves[1].split(separator: ".", omittingEmptySubsequences: false)
    // USB allows five hubs between the root hub and a device (USB 2.0, 4.1.1).
    return numbers.count <= 6 && ([halves[0]] + numbers).allSatisfy { isNumber($0) }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    guard let number = UInt8(text), number > 0 else { return false }
    return String(number) == text
  }
}

extension UInt16 {
  /// Hexadecimal, as sysfs shows USB numbers.
  fileprivate var fourDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
