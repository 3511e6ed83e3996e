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
  private let paths: [String: PathPresence]
  private let nodePaths: [String]

  init(_ places: Places, identities: Set<USBIdentity>) throws {
    self.identities = identities
    nodePaths = places.byName.values.compactMap(\.node)
    do throws(LinkFault) {
      usb = identities.isEmpty ? nil : try USBBus()
      var paths: [String: PathPresence] = [:]
      for path in places.byName.values.flatMap(\.paths) { paths[path] = try PathPresence(path: path) }
      self.paths = paths
    } catch {
      throw StartFault("the system does not tell which devices are there: \(error)")
    }
  }

  func sightings() -> [USBSighting] {
    identities.flatMap { identity in
      (usb?.ports(of: USBMatch(identity)) ?? []).map { USBSighting(identity: identity, port: $0) }
    }
  }

  /// Whether something is at a tty or node that a place names.
  func path(_ path: String) -> (any BusPresence)? { paths[path] }

  /// The nodes that are there now.
  var nodes: Set<String> { Set(nodePaths.filter { paths[$0]?.isThere ?? false }) }

  /// Yields after each change of anything.
  func changes() -> AsyncStream<Void> {
    let buses = identities.compactMap { usb?.presence(of: USBMatch($0)) } + Array(paths.values)
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
