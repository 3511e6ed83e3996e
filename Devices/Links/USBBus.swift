// SPDX-License-Identifier: Apache-2.0

import DeviceKit

/// The USB of this machine: who is there, told by udev as it happens, and the one thread
/// on which transfers of all links end. A process needs one, kept as long as it runs; it
/// may be made before any device is there, and before udev runs.
///
/// Its thread ends when the bus and all links opened on it are forgotten.
public final class USBBus: Sendable {
  let context: USBContext

  /// - Throws: `broken` when libusb cannot begin, with the nearest `errno`.
  public init() throws(LinkFault) {
    context = try USBContext.begin()
  }

  /// Whether a device that fits `match` is there. Being there does not mean that it may
  /// be opened.
  public func presence(of match: USBMatch) -> any BusPresence {
    USBPresence(match: match, sightings: context.sightings)
  }

  /// The ports on which a device fits `match` now, as `USBMatch.port` names them, sorted.
  public func ports(of match: USBMatch) -> [String] {
    context.sightings.ports(of: match)
  }

  /// Where the device that fits `match` hangs, or hung when it was seen last; nil when none
  /// was ever seen and `match` names no port. For `USBPortPower`: the device that needs it
  /// most is the one that has vanished.
  public func lastPort(of match: USBMatch) -> String? {
    match.port ?? ports(of: match).first ?? context.sightings.lastPort(of: match)
  }
}

private struct USBPresence: BusPresence {
  let match: USBMatch
  let sightings: USBSightings

  var isThere: Bool { !sightings.ports(of: match).isEmpty }

  func changes() -> AsyncStream<Void> { sightings.changes(of: match) }
}
