// SPDX-License-Identifier: Apache-2.0

import CardReaders
import DeviceKit
import DeviceLinks
import Records
import Upkeep

/// Makes the driver of the card reader that serves at a place.
struct ReaderDrivers {
  let presences: Presences
  let chance: any RandomSource

  typealias Driver = SDTCardReader<ContinuousClock>

  /// For how long a port is without power: capacitors of a reader hold it for a moment.
  private static var powerless: Duration { .seconds(2) }

  /// Nil for a model that cannot hang where it was found.
  func driver(
    of model: ReaderModel, at spot: Fitting.Spot, place: String, health: any HealthBoard
  ) -> Driver? {
    switch (model.link, spot) {
    case (.serial(let baud, let working), .tty(let path)):
      return Driver(
        model: model,
        open: { () async throws(LinkFault) in try await SerialLink.open(path: path, baud: baud) },
        rate: working.map { Self.rate(from: baud, to: $0) }, clock: ContinuousClock(),
        supervisor: supervisor(place, presences.path(path), power: nil, health))
    case (.usb(let identity, let framing), .port(let port)):
      guard let bus = presences.usb else { return nil }
      let match = USBMatch(identity, port: port)
      return Driver(
        model: model,
        open: { () async throws(LinkFault) in
          try await USBLink.open(match, framing: framing.pipes, on: bus)
        }, clock: ContinuousClock(),
        supervisor: supervisor(
          place, bus.presence(of: match),
          power: {
            // A port that keeps its power leaves the reader as it was, which the next look tells.
            try? await USBPortPower().cycle(port, pause: Self.powerless, clock: ContinuousClock())
          }, health))
    default: return nil
    }
  }

  private func supervisor(
    _ place: String, _ bus: (any BusPresence)?, power: (@Sendable () async -> Void)?,
    _ health: any HealthBoard
  ) -> DeviceSupervisor<ContinuousClock> {
    DeviceSupervisor(
      place: place, bus: bus, absent: .readerGone, power: power, clock: ContinuousClock(),
      chance: chance, health: health)
  }

  private static func rate(from first: BaudRate, to working: BaudRate) -> LineRate {
    LineRate(first: first, working: working) { link, baud throws(LinkFault) in
      guard let line = link as? SerialLink else { return }
      try await line.setBaud(baud)
    }
  }
}

extension ReaderModel.Framing {
  /// Nil: as the descriptors show.
  fileprivate var pipes: USBFraming? {
    switch self {
    case .auto: nil
    case .fourPipe: .fourPipes
    case .twoPipe: .twoPipes
    }
  }
}
