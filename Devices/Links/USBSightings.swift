// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which devices the bus holds at the moment.
final class USBSightings: Sendable {
  struct Device: Hashable, Sendable {
    var vendor: UInt16
    var product: UInt16
    var port: String
  }

  /// Bus and number there, which no two devices have at the same time.
  struct Address: Hashable, Sendable {
    var bus: UInt8
    var number: UInt8
  }

  fileprivate struct State {
    var devices: [Address: Device] = [:]
    /// The port of the last one of each model, by vendor and product.
    var lastPorts: [USBMatch: String] = [:]
    var listeners: [Int: (match: USBMatch, voice: AsyncStream<Void>.Continuation)] = [:]
    var nextListener = 0
  }

  private let state = Mutex(State())

  func arrived(_ device: Device, at address: Address) {
    let voices = state.withLock { state in
      let former = state.devices.updateValue(device, forKey: address)
      state.lastPorts[USBMatch(vendor: device.vendor, product: device.product)] = device.port
      return state.voices(about: [former, device])
    }
    for voice in voices { voice.yield() }
  }

  func left(_ address: Address) {
    let voices = state.withLock { state in
      let former = state.devices.removeValue(forKey: address)
      return state.voices(about: [former])
    }
    for voice in voices { voice.yield() }
  }

  func ports(of match: USBMatch) -> [String] {
    state.withLock { $0.devices.values.filter { match.fits($0) }.map(\.port) }.sorted()
  }

  func lastPort(of match: USBMatch) -> String? {
    state.withLock { $0.lastPorts[USBMatch(vendor: match.vendor, product: match.product)] }
  }

  func changes(of match: USBMatch) -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { voice in
      let number = state.withLock { state in
        state.nextListener += 1
        state.listeners[state.nextListener] = (match, voice)
        return state.nextListener
      }
      voice.onTermination = { [weak self] _ in
        self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
      }
    }
  }
}

extension USBSightings.State {
  fileprivate func voices(
    about devices: [USBSightings.Device?]
  ) -> [AsyncStream<Void>.Continuation] {
    listeners.values.filter { listener in
      devices.contains { $0.map { listener.match.fits($0) } ?? false }
    }
    .map(\.voice)
  }
}

extension USBMatch {
  func fits(_ device: USBSightings.Device) -> Bool {
    vendor == device.vendor && product == device.product && (port ?? device.port) == device.port
  }
}
