// SPDX-License-Identifier: Apache-2.0

/// By what number makers and their products are known on USB: 16 bits, in files four lower-case
/// hexadecimal digits as `lsusb` and udev show them.
public struct USBNumber: Hashable, Sendable, Codable, CustomStringConvertible {
  public let value: UInt16

  public init(_ value: UInt16) { self.value = value }

  /// Nil unless `text` is four lower-case hexadecimal digits.
  public init?(_ text: String) {
    let digits = Set("0123456789abcdef".utf8)
    guard text.utf8.count == 4, text.utf8.allSatisfy(digits.contains), let value = UInt16(text, radix: 16)
    else { return nil }
    self.value = value
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let number = USBNumber(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "this is not four lower-case hexadecimal digits")
    }
    self = number
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// `c35a`
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}

/// What a device on USB shows of itself before anybody opens it.
public struct USBIdentity: Hashable, Sendable {
  public var vendor: USBNumber
  public var product: USBNumber

  public init(vendor: USBNumber, product: USBNumber) {
    self.vendor = vendor
    self.product = product
  }
}

/// A device that hangs on USB now.
public struct USBSighting: Hashable, Sendable {
  public var identity: USBIdentity
  /// Bus and ports as the kernel names them, `1-1.2`: the same socket has the same name after
  /// each plugging in.
  public var port: String

  public init(identity: USBIdentity, port: String) {
    self.identity = identity
    self.port = port
  }
}

/// How a model is connected.
public enum DeviceConnection: Hashable, Sendable {
  /// A tty, which does not tell what hangs on it.
  case line
  /// A node that udev makes by the name of the model: it is there only while such a device is.
  case node
  /// USB, where the device shows which model it is.
  case usb(USBIdentity)
  /// A queue of the print system.
  case queue
}

/// What a driver must know of one model: a data file, `Devices/<kind>/Models/<id>/<id>.json`.
public protocol DeviceModel: Decodable, Sendable {
  /// The name of the model's folder; no two models of whatever kind share it.
  var id: String { get }
  var connection: DeviceConnection { get }
}

extension KeyedDecodingContainer {
  /// Throws a fault that names the key and both ends when `value` is not within them.
  public func check(_ value: Int, in range: ClosedRange<Int>, _ key: Key) throws {
    guard !range.contains(value) else { return }
    throw DecodingError.dataCorruptedError(
      forKey: key, in: self,
      debugDescription: "\(value) is not in \(range.lowerBound) … \(range.upperBound)")
  }
}
