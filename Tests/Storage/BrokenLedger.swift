// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records

@testable import Storage

/// A closed ledger, and what is done to its pages.
struct BrokenLedger {
  static let filings = 60

  let bench: LedgerBench
  var filed: [Filed] = []
  var envelopes: [EnvelopeID] = []

  /// A copy of one ledger that is made once.
  init(in bench: LedgerBench) async throws {
    let made = try await Self.made.value
    for name in ["ledger", "allotments"] {
      try FileManager.default.copyItem(
        atPath: made.bench.folder + "/" + name, toPath: bench.folder + "/" + name)
    }
    self.init(at: bench, like: made)
  }

  init(at bench: LedgerBench, like other: BrokenLedger) {
    self.bench = bench
    filed = other.filed
    envelopes = other.envelopes
  }

  init(at bench: LedgerBench) { self.bench = bench }

  private static let made = Task {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var made = BrokenLedger(at: LedgerBench(folder: folder))
    try await made.fill()
    return made
  }

  /// Filings, each with its told; the first ten are at the centre. Their content goes from
  /// a few bytes to more than a page.
  private mutating func fill() async throws {
    let ledger = try await bench.open()
    for number in 0..<Self.filings {
      var envelope = Envelope.sample(try await ledger.reserve())
      envelope.content = [UInt8](repeating: UInt8(number), count: number * 100)
      let slip = SlipJob(chance: [UInt8](repeating: UInt8(number), count: 16))
      let filing = try await ledger.file(envelope, slip: slip)
      let told = Envelope.sample(try await ledger.reserve(about: filing), .told, after: [filing.id])
      try await ledger.add(told)
      if number < 10 { try await ledger.settle([filing.id: .stored, told.id: .stored]) }
      filed.append(filing)
      envelopes += [filing.id, told.id]
    }
    try ledger.close()
  }

  struct Page: Hashable {
    var number: Int
    var table: String
    var kind: String
  }

  /// By SQLite's own account of the file.
  func pages() throws -> [Page] {
    let queue = try DatabaseQueue(path: bench.path)
    defer { try? queue.close() }
    return try queue.read { database in
      try Row.fetchAll(database, sql: "SELECT pageno, name, pagetype FROM dbstat ORDER BY pageno")
        .map { Page(number: $0["pageno"], table: $0["name"], kind: $0["pagetype"]) }
    }
  }

  /// In the middle of those of its kind.
  func page(_ table: String, _ kind: String) throws -> Page {
    let pages = try pages().filter { $0.table == table && $0.kind == kind }
    guard !pages.isEmpty else { throw StoreFault.missing }
    return pages[pages.count / 2]
  }

  /// Flips the bits of the first byte of what the page holds.
  func flip(_ page: Page) throws { try flip(at: (page.number - 1) * 4096 + (page.number == 1 ? 100 : 0)) }

  func flip(at place: Int, of ending: String = "", mask: UInt8 = 0xFF) throws {
    let file = URL(filePath: bench.path + ending)
    var bytes = try Data(contentsOf: file)
    bytes[place] ^= mask
    try bytes.write(to: file)
  }

  /// Alters the first row's number on a leaf of short rows, so that it stands out of its turn.
  func disorder(_ page: Page, mask: UInt8) throws {
    let start = (page.number - 1) * 4096
    let bytes = try Data(contentsOf: URL(filePath: bench.path))
    // SQLite's file format, 1.6: the leaf's cell pointers follow its head of eight bytes; a cell
    // begins with its size and its row, a byte each where they are small.
    let cell = Int(bytes[start + 8]) << 8 | Int(bytes[start + 9])
    try flip(at: start + cell + 1, mask: mask)
  }

  func salvage() async throws -> SalvageReport {
    try await LedgerSalvage.salvage(
      path: bench.path, record: bench.record, aside: bench.folder + "/aside", clock: MovedClock(),
      chance: CountedChance())
  }
}
