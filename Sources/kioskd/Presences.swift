// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Upkeep

/// What hangs where now, of those devices that the terminal's places allow: told by the buses
/// and the file system, not looked for.
final class Presences: Sendable {
  /// Nil when no place allows a device on USB, or when USB cannot be used here.
  let usb: USBBus?
  private let identities: Set<USBIdentity>
  private let lines: [String: PathPresence]

  init(_ places: Places, identities: Set<USBIdentity>) throws {
    self.identities = identities
    do throws(LinkFault) {
      usb = identities.isEmpty ? nil : try USBBus()
      var lines: [String: PathPresence] = [:]
      for tty in places.byName.values.compactMap(\.tty) { lines[tty] = try PathPresence(path: tty) }
      self.lines = lines
    } catch {
      throw StartFault("the system does not tell which devices are there: \(error)")
    }
  }

  func sightings() -> [USBSighting] {
    identities.flatMap { identity in
      (usb?.ports(of: USBMatch(identity)) ?? []).map { USBSighting(identity: identity, port: $0) }
    }
  }

  func line(_ tty: String) -> (any BusPresence)? { lines[tty] }

  /// Yields after each change of anything.
  func changes() -> AsyncStream<Void> {
    let buses = identities.compactMap { usb?.presence(of: USBMatch($0)) } + Array(lines.values)
    let streams = buses.map { $0.changes() }
    return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { voice in
      let listening = streams.map { stream in
        Task { for await _ in stream { voice.yield() } }
      }
      voice.onTermination = { _ in listening.forEach { $0.cancel() } }
    }
  }
}

extension USBMatch {
  init(_ identity: USBIdentity, port: String? = nil) {
    self.init(vendor: identity.vendor.value, product: identity.product.value, port: port)
  }
}
