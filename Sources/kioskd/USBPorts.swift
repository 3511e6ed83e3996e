// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Foundation

/// What hangs on USB now, of those devices that a terminal may have.
struct USBPorts: Sendable {
  private static let list = "/sys/bus/usb/devices"
  private static var betweenLooks: Duration { .milliseconds(250) }

  let identities: Set<USBIdentity>

  func sightings() -> [USBSighting] {
    guard !identities.isEmpty,
      let ports = try? FileManager.default.contentsOfDirectory(atPath: Self.list)
    else { return [] }
    return ports.compactMap { port in
      guard let vendor = number(port, "idVendor"), let product = number(port, "idProduct") else { return nil }
      let identity = USBIdentity(vendor: vendor, product: product)
      return identities.contains(identity) ? USBSighting(identity: identity, port: port) : nil
    }
  }

  /// Returns when what hangs there is no longer `former`, or the task was cancelled.
  func change(from former: [USBSighting]) async {
    while !Task.isCancelled, Set(sightings()) == Set(former) {
      // Throws only when cancelled, which the loop sees.
      try? await Task.sleep(for: Self.betweenLooks)
    }
  }

  private func number(_ port: String, _ attribute: String) -> USBNumber? {
    FileManager.default.contents(atPath: "\(Self.list)/\(port)/\(attribute)").flatMap { bytes in
      USBNumber(String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self))
    }
  }
}
