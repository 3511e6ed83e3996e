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
      let fits = isComplete(routing, envelope.kind) && canBeHeld(routing)
      return fits ? .sound(routing) : .unreadable
    } catch {
      return .unreadable
    }
  }

  /// An application must say for what, a told envelope how. A rating may be silent: then
  /// its visit was invited to rate and did not. What a withdrawal or correction lacks has a
  /// reason of its own.
  private static func isComplete(_ routing: Routing, _ kind: EnvelopeKind) -> Bool {
    switch kind {
    case .application: routing.matter != nil && routing.matterVersion != nil
    case .told: routing.told != nil
    case .rating, .withdrawal, .correction: true
    }
  }

  /// Whether what an envelope of any kind says is within what the store holds.
  private static func canBeHeld(_ routing: Routing) -> Bool {
    let areHashes = [routing.claimHash, routing.firstClaimHash].compactMap { $0 }.allSatisfy { hash in
      hash.utf8.count == 64 && hash.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
    let isRating = routing.rating.map { (1...5).contains($0) }
    return areHashes && isRating ?? true
  }

  /// The decision on one arrival in its circumstances. What is stored stays so, whatever
  /// changed since: a repeat is known before its keys are asked for. Whose the number is
  /// comes before whether the envelope opens, so that `unreadable` is of the number's own
  /// terminal; who delivered comes after the signature, so that what nobody signed always
  /// counts as such.
  static func decision(on arrival: Arrival, _ circumstances: Circumstances) -> Decision {
    let isEarlier = circumstances.earlier.map { $0.digest == arrival.digest }
    if isEarlier == true, circumstances.earlier?.refused == false { return .already }
    if arrival.standing == .unknownTerminal { return .refuse(.unknownTerminal) }
    if arrival.standing == .badSignature { return .refuse(.badSignature) }
    if arrival.peer ?? arrival.header.terminal != arrival.header.terminal {
      return .refuse(.foreignTerminal)
    }
    if isEarlier == false { return .refuse(.idTaken) }
    guard circumstances.numberIsTheTerminals else { return .refuse(.foreignNumber) }
    guard case .sound(let routing) = arrival.standing else { return .refuse(.unreadable) }
    if let reason = objection(to: arrival.envelope.kind, routing, circumstances) {
      return .refuse(reason)
    }
    return .store(awaiting: circumstances.missing)
  }

  /// What is in the way of a filing that is sound in itself.
  private static func objection(
    to kind: EnvelopeKind, _ routing: Routing, _ circumstances: Circumstances
  ) -> RefusalReason? {
    if kind.isFiling, circumstances.numberIsTaken { return .numberTaken }
    switch kind {
    case .application: return circumstances.matterIsWithdrawn ? .matterWithdrawn : nil
    case .withdrawal, .correction: return (circumstances.first ?? .missing).objection(to: routing)
    case .told, .rating: return nil
    }
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
