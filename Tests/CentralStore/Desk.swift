// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Glibc
import Records
import Testing
import Wire

/// A store in a folder of its own, and a terminal that seals for it.
final class Desk {
  let folder: String
  let store: SQLiteCaseStore
  let signer = TerminalSigner.generated()
  let routingKey = OpeningKey.generated()
  let contentKey = OpeningKey.generated()
  /// Saturday 2026-11-21, 03:12 in China.
  static let night = Timestamp(milliseconds: 1_795_201_920_000)
  static let due = night.advanced(bySeconds: 86_400)
  static let code = ClaimCode(chance: [1, 2, 3, 4, 5])

  init() throws {
    var template = Array("/tmp/centre-store-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    store = try SQLiteCaseStore.open(path: folder + "/centre.sqlite") {}
  }

  deinit {
    try? store.close()
    for file in ["/centre.sqlite", "/other.sqlite"] {
      for ending in ["", "-wal", "-shm", ".lock"] { unlink(folder + file + ending) }
    }
    rmdir(folder)
  }

  func enrol(
    _ terminal: String = "T0012", code: Character = "a", key: [UInt8]? = nil
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
    _ number: CaseNumber, id: UInt8, kind: EnvelopeKind = .application, after: [EnvelopeID] = [],
    told: Told? = nil, rating: Int? = 5, standing: Arrival.Standing? = nil
  ) throws -> Arrival {
    let time = QualifiedTime(at: Self.night, quality: .synchronised)
    let isApplication = kind == .application
    let routing = Routing(
      matter: isApplication ? "ss_enrol_proof" : nil, matterVersion: isApplication ? 1 : nil,
      time: time, assurance: .cardRead,
      claimHash: isApplication ? ClaimHash.of(number, Self.code) : nil, told: told,
      rating: kind == .rating ? rating : nil)
    let envelope = try sealer().seal(
      Submission(
        reservation: Reservation(id: Self.id(id), number: number, time: time), kind: kind,
        after: after, routing: routing))
    let header = try EnvelopeHeader(canonical: envelope.header)
    return Arrival(envelope: envelope, header: header, standing: standing ?? .sound(routing))
  }

  static func id(_ byte: UInt8) -> EnvelopeID {
    EnvelopeID(milliseconds: night.milliseconds, chance: Array(repeating: byte, count: 10))
  }

  private func sealer() throws -> EnvelopeSealer {
    let identity = TerminalIdentity(
      terminal: "T0012", area: "320507", allotment: try #require(Allotment("0001")),
      centre: "http://127.0.0.1", routingKey: routingKey.sealingKey,
      contentKey: contentKey.sealingKey, root: RootDocument(version: 1, signers: [], threshold: 1),
      enrolledAt: Self.night)
    return try EnvelopeSealer(identity: identity, signer: signer)
  }

  /// Stores whatever is new, says `already` to what is not.
  func take(_ arrivals: Arrival..., at time: Timestamp = Desk.night) async throws -> [Verdict] {
    try await store.take(arrivals, at: time, due: Self.due) { _, circumstances in
      circumstances.first == nil ? .store(awaiting: circumstances.missing) : .already
    }
  }

  func refuse(
    _ arrival: Arrival, _ reason: RefusalReason, at time: Timestamp = Desk.night
  ) async throws -> [Verdict] {
    let due = time.advanced(bySeconds: 86_400)
    return try await store.take([arrival], at: time, due: due) { _, _ in .refuse(reason) }
  }
}
