// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records
import Testing

@testable import DurableSQLite

struct RawFileTests {
  private static let form = [
    Migration("1", "CREATE TABLE thing (row INTEGER PRIMARY KEY, size INTEGER, bytes BLOB) STRICT;")
  ]

  private func fill(_ path: String, _ numbers: ClosedRange<Int>) async throws -> DurableDatabase {
    let file = try DurableDatabase.open(path: path, migrations: Self.form, outcomeUnknown: {})
    for number in numbers {
      // From a few bytes up to more than two pages; numbers of every width, both signs.
      let size = number * number * number
      try await file.write { database in
        try database.execute(
          sql: "INSERT INTO thing VALUES (?, ?, ?)",
          arguments: [number, number % 2 == 0 ? size * size * size : -size, Data(repeating: 7, count: size)])
      }
    }
    return file
  }

  private func found(_ path: String) throws -> [Int64: RawRecord] {
    var found: [Int64: RawRecord] = [:]
    let file = try RawFile(path: path)
    file.each { place, record in
      guard record.values.count == 3, let row = record.row else { return }
      #expect(file.record(at: place) == record)
      found[row] = record
    }
    return found
  }

  private func expected(_ number: Int64) -> RawRecord {
    let size = number * number * number
    return RawRecord(
      row: number,
      values: [
        .null, .integer(number % 2 == 0 ? size * size * size : -size),
        .blob([UInt8](repeating: 7, count: Int(size))),
      ])
  }

  @Test func everyRecordIsReadFromTheFileAndFromTheLog() async throws {
    try await Folder.with { folder in
      try await fill(folder + "/file", 1...22).close()
      #expect(try found(folder + "/file").count == 22)
      let open = try await fill(folder + "/file", 23...25)
      let found = try found(folder + "/file")
      for number in 1...25 { #expect(found[Int64(number)] == expected(Int64(number))) }
      try open.close()
    }
  }

  @Test func aFlippedByteInTheLogCostsOneFrameAndNotAllBehindIt() async throws {
    try await Folder.with { folder in
      let file = try await fill(folder + "/file", 1...9)
      let log = try [UInt8](Folder.bytes(folder + "/file-wal"))
      func frames(_ log: [UInt8]) -> [RawLog.Frame] {
        RawLog.frames { Array(log.dropFirst($0).prefix($1)) }
      }
      let sound = frames(log)
      #expect(sound.count >= 9)
      var torn = log
      torn[sound[2].offset + 2000] ^= 0x40
      #expect(frames(torn) == sound.filter { $0 != sound[2] })
      // A salt that is damaged does not end the round, nor does a header hide it.
      for place in [3, 6, 10, 15, 18, 26, sound[2].offset - 24 + 12] {
        var spoilt = log
        spoilt[place] ^= 0x55
        #expect(frames(spoilt) == sound, "byte \(place)")
      }
      try file.close()
      // All but the first, which only the header vouches for.
      #expect(frames(try [UInt8](Folder.bytes(folder + "/file-wal"))) == Array(sound.dropFirst()))
      #expect(frames([UInt8](repeating: 0, count: log.count)).isEmpty)
    }
  }

  @Test("what makes no sense is no record")
  func nonsense() {
    #expect(RawRecord(row: 1, payload: []) == nil)
    #expect(RawRecord(row: 1, payload: [3, 1]) == nil)
    // A header longer than the payload, a type that is reserved, bytes left over.
    #expect(RawRecord(row: 1, payload: [9, 1, 1]) == nil)
    #expect(RawRecord(row: 1, payload: [2, 10]) == nil)
    #expect(RawRecord(row: 1, payload: [2, 1, 5, 5]) == nil)
    #expect(RawRecord(row: 1, payload: [2, 1, 0xFE])?.values == [.integer(-2)])
  }

  @Test("a page of chance is read without harm")
  func chance() {
    var state: UInt64 = 42
    for kind: UInt8 in [0x0D, 0x0A, 0x02, 0x05] {
      for _ in 0..<200 {
        var bytes = (0..<RawPage.size).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return UInt8(truncatingIfNeeded: state >> 33)
        }
        bytes[0] = kind
        for cell in RawPage(bytes: bytes, start: 0).cells {
          _ = RawRecord(row: cell.row, payload: Array(cell.local))
        }
      }
    }
  }
}
