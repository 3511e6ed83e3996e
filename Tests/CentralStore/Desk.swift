// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Glibc
import Records
import Testing
import Wire

/// A store in a folder of its own, kept in the present way, and a terminal that seals for it.
final class Desk {
  let folder: String
  let store: any CaseStore
  let signer = TerminalSigner.generated()
  let routingKey = OpeningKey.generated()
  let contentKey = OpeningKey.generated()
  /// Saturday 2026-11-21, 03:12 in China.
  static let night = Timestamp(milliseconds: 1_795_201_920_000)
  static let due = night.advanced(bySeconds: 86_400)
  static let code = ClaimCode(chance: [1, 2, 3, 4, 5])
  static let terminal = "T0012"

  init(bound: UnsignedBound = UnsignedBound()) async throws {
    // In memory where there is such a place: what a sync is worth is tried elsewhere.
    let place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(place)/centre-store-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let way = Way.current
    self.folder = folder
    if way.reopens {
      store = ReopenedStore { try await way.open(folder, bound) }
    } else {
      store = try await way.open(folder, bound)
    }
  }

  deinit {
    if let names = opendir(folder) {
      while let entry = readdir(names) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
          start.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        unlink(folder + "/" + name)
      }
      closedir(names)
    }
    rmdir(folder)
  }

  func enrol(
    _ terminal: String = Desk.terminal, code: Character = "a", key: [UInt8]? = nil
  ) async throws -> Enrolled? {
    try await store.enrol(
      Enrolment(
        terminal: terminal, area: "320507", publicKey: key ?? signer.publicKey,
        codeHash: String(repeating: code, count: 64), time: Self.night))
  }

  func number(_ sequence: Int, allotment: String = "0001") throws -> CaseNumber {
    let allotment = try #require(Allotment(allotment))
    let day = Day(year: 2026, month: 11, day: 21)
    return try #require(
      CaseNumber(area: "320507", allotment: allotment, day: day, sequence: sequence))
  }

  /// An arrival that keys have found sound.
  func arrival(
    _ number: CaseNumber, id: Int, kind: EnvelopeKind = .application, after: [EnvelopeID] = [],
    told: Told? = nil, rating: Int? = 5, first: CaseNumber? = nil, code: ClaimCode? = Desk.code,
    standing: Arrival.Standing? = nil, peer: String? = nil, assurance: Assurance = .cardRead
  ) throws -> Arrival {
    let time = QualifiedTime(at: Self.night.advanced(bySeconds: Int64(id)), quality: .synchronised)
    let isApplication = kind == .application
    let routing = Routing(
      matter: isApplication ? "ss_enrol_proof" : nil, matterVersion: isApplication ? 1 : nil,
      time: time, assurance: assurance,
      claimHash: kind.isFiling ? ClaimHash.of(number, Self.code) : nil, told: told, first: first,
      firstClaimHash: first.flatMap { first in code.map { ClaimHash.of(first, $0) } },
      rating: kind == .rating ? rating : nil)
    let envelope = try sealer().seal(
      Submission(
        reservation: Reservation(id: Self.id(id), number: number, time: time), kind: kind,
        after: after, routing: routing))
    let header = try EnvelopeHeader(canonical: envelope.header)
    return Arrival(
      envelope: envelope, header: header, standing: standing ?? .sound(routing), peer: peer)
  }

  static func id(_ place: Int) -> EnvelopeID {
    let chance = (0..<10).map { UInt8(truncatingIfNeeded: place >> (8 * ($0 % 4))) }
    return EnvelopeID(milliseconds: night.milliseconds + Int64(place), chance: chance)
  }

  private func sealer() throws -> EnvelopeSealer {
    let identity = TerminalIdentity(
      terminal: Self.terminal, area: "320507", allotment: try #require(Allotment("0001")),
      centre: "http://127.0.0.1", routingKey: routingKey.sealingKey,
      contentKey: contentKey.sealingKey, root: RootDocument(version: 1, signers: [], threshold: 1),
      authority: "", timeKey: [], enrolledAt: Self.night)
    return try EnvelopeSealer(identity: identity, signer: signer)
  }

  /// Stores whatever is new, says `already` to what is not.
  func take(_ arrivals: Arrival..., at time: Timestamp = Desk.night) async throws -> [Verdict] {
    try await store.take(arrivals, at: time, due: Self.due) { _, circumstances in
      circumstances.earlier == nil ? .store(awaiting: circumstances.missing) : .already
    }
  }

  /// Judges as a centre does.
  func send(_ arrivals: [Arrival], at time: Timestamp = Desk.night) async throws -> [Verdict] {
    try await store.take(arrivals, at: time, due: Self.due, judge: Judge.decision)
  }

  func refuse(
    _ arrival: Arrival, _ reason: RefusalReason, at time: Timestamp = Desk.night
  ) async throws -> [Verdict] {
    let due = time.advanced(bySeconds: 86_400)
    return try await store.take([arrival], at: time, due: due) { _, _ in .refuse(reason) }
  }
}

/// A judge of the usual kind.
enum Judge {
  static func decision(on arrival: Arrival, _ known: Circumstances) -> Decision {
    let isSame = known.earlier.map { $0.digest == arrival.digest }
    if isSame == true, known.earlier?.refused == false { return .already }
    if arrival.standing == .unknownTerminal { return .refuse(.unknownTerminal) }
    if arrival.standing == .badSignature { return .refuse(.badSignature) }
    if isSame == false { return .refuse(.idTaken) }
    if let peer = arrival.peer, peer != arrival.header.terminal { return .refuse(.foreignTerminal) }
    guard known.numberIsTheTerminals else { return .refuse(.foreignNumber) }
    if arrival.standing == .unreadable { return .refuse(.unreadable) }
    if known.numberIsTaken { return .refuse(.numberTaken) }
    if known.matterIsWithdrawn { return .refuse(.matterWithdrawn) }
    return .store(awaiting: known.missing)
  }
}

extension Verdict {
  static func refused(_ reason: RefusalReason) -> Verdict {
    .refused(reason: reason.rawValue, correctable: reason.correctable)
  }
}
