// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Wire

/// What the centre says to an envelope. Pure: everything it needs is handed in.
enum Verdicts {
  /// As far as keys alone decide.
  static func standing(
    of envelope: Envelope, _ header: EnvelopeHeader, sentBy enrolments: [Enrolled],
    opener: RoutingOpener
  ) -> Arrival.Standing {
    guard !enrolments.isEmpty else { return .unknownTerminal }
    let signed = enrolments.contains { enrolled in
      SignatureCheck.holds(envelope, publicKey: enrolled.publicKey)
    }
    guard signed else { return .badSignature }
    do throws(WireFault) {
      let routing = try opener.open(envelope, header)
      return holdsTogether(routing, envelope.kind) ? .sound(routing) : .unreadable
    } catch {
      return .unreadable
    }
  }

  /// An application must say for what, a told envelope how, a rating how many, within what
  /// the store can hold.
  private static func holdsTogether(_ routing: Routing, _ kind: EnvelopeKind) -> Bool {
    switch kind {
    case .application:
      routing.matter != nil && routing.matterVersion != nil
        && (routing.claimHash.map { $0.utf8.count == 64 } ?? true)
    case .told: routing.told != nil
    case .rating: routing.rating.map { (1...5).contains($0) } ?? false
    }
  }

  /// The decision on one arrival in its circumstances; `due` is when a refusal must have
  /// been looked after.
  static func decision(
    on arrival: Arrival, _ circumstances: Circumstances, due: Timestamp
  ) -> Decision {
    switch arrival.standing {
    case .unknownTerminal: return .refuse(.unknownTerminal, due: due)
    case .badSignature: return .refuse(.badSignature, due: due)
    case .unreadable: return .refuse(.unreadable, due: due)
    case .sound: break
    }
    if let first = circumstances.first {
      guard first.digest == arrival.digest else { return .refuse(.idTaken, due: due) }
      if !first.refused { return .already }
    }
    guard circumstances.numberIsTheTerminals else { return .refuse(.foreignNumber, due: due) }
    if arrival.envelope.kind == .application {
      if circumstances.numberIsTaken { return .refuse(.numberTaken, due: due) }
      if circumstances.matterIsWithdrawn { return .refuse(.matterWithdrawn, due: due) }
    }
    return .store(awaiting: circumstances.missing)
  }

  /// One working day after `time`: the same time of day on the next day that is neither
  /// Saturday nor Sunday. Public holidays are not known here.
  static func due(after time: Timestamp) -> Timestamp {
    let first = Day(time)
    let days = (1...3).first { !first.adding(days: $0).isWeekend } ?? 1
    return time.advanced(bySeconds: Int64(days) * 86_400)
  }
}

extension Day {
  fileprivate var isWeekend: Bool { weekday == 0 || weekday == 6 }
}
