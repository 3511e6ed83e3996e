// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import Records
import Synchronization

@testable import Storage

final class MovedClock: WallTime {
  let time: Mutex<QualifiedTime>

  init(_ milliseconds: Int64 = LedgerBench.noon, _ quality: TimeQuality = .synchronised) {
    time = Mutex(QualifiedTime(at: Timestamp(milliseconds: milliseconds), quality: quality))
  }

  func now() -> QualifiedTime { time.withLock { $0 } }
}

/// Bytes that differ from call to call, also over the lives of a ledger.
final class CountedChance: RandomSource {
  private static let lives = Mutex<UInt8>(0)
  private let count = Mutex<UInt8>(0)
  private let life = lives.withLock { lives in
    lives &+= 1
    return lives
  }

  func bytes(_ count: Int) -> [UInt8] {
    let next = self.count.withLock { value in
      value &+= 1
      return value
    }
    // The first bits of an id give way to marks; the last byte stays whole.
    return [UInt8](repeating: next, count: count - 1) + [life]
  }
}

/// A folder with a ledger in it, gone with the test.
struct LedgerBench {
  static let noon: Int64 = 1_795_233_600_000
  static let floor = Day(year: 2026, month: 11, day: 20)
  static let day = Day(year: 2026, month: 11, day: 21)

  let folder: String
  var path: String { folder + "/ledger" }
  var record: String { folder + "/allotments" }

  static func run(_ body: (LedgerBench) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(LedgerBench(folder: folder))
  }

  static func numbering(_ allotment: String = "00A7", spares: [String] = []) throws -> Numbering {
    guard let own = Allotment(allotment) else { throw StoreFault.noNumbers }
    return Numbering(
      area: "320507", allotment: own, spares: spares.compactMap { Allotment($0) }, floor: floor)
  }

  func open(
    _ numbering: Numbering? = nil, at path: String? = nil, _ clock: MovedClock = MovedClock(),
    news: OutboxNews = OutboxNews()
  ) async throws(OpenFault) -> Ledger {
    guard let numbering = numbering ?? (try? Self.numbering()) else { throw .notDurable }
    return try await Ledger.open(
      path: path ?? self.path, record: record, numbering: numbering, clock: clock,
      chance: CountedChance(), news: news, outcomeUnknown: {})
  }

  /// The ledger's files are lost or moved aside; what lies beside them stays.
  func loseLedger() throws {
    for ending in ["", "-wal", "-shm", ".lock"] {
      try? FileManager.default.removeItem(atPath: path + ending)
    }
  }
}

extension Envelope {
  static func sample(
    _ reservation: Reservation, _ kind: EnvelopeKind = .application, after: [EnvelopeID] = []
  ) -> Envelope {
    Envelope(
      id: reservation.id, number: reservation.number, kind: kind, after: after, header: [1, 2],
      routing: [3], content: [4], signature: [UInt8](repeating: 5, count: 64))
  }
}

extension Filing {
  func fileSample(job: UInt8 = 1) async throws -> Filed {
    try await file(
      .sample(try await reserve()), slip: SlipJob(chance: [UInt8](repeating: job, count: 16)))
  }
}

extension Outbox {
  func waiting(_ limit: Int = 10) async throws -> [Envelope] {
    try await waiting(limit: limit, excluding: [])
  }

  func settle(_ id: EnvelopeID, _ verdict: Verdict) async throws { try await settle([id: verdict]) }
}

extension Ledger {
  /// A filing with its `told`, both at the centre where `sent`.
  func fileWhole(job: UInt8 = 1, sent: Bool = true) async throws -> Filed {
    let filed = try await fileSample(job: job)
    let told = Envelope.sample(try await reserve(about: filed), .told, after: [filed.id])
    try await add(told)
    if sent { try await settle([filed.id: .stored, told.id: .stored]) }
    return filed
  }

  func check() async throws -> LedgerReport { try await check(seal: { _ in nil }) }
}
