// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Keeps unsigned envelopes within their bound.
struct UnsignedRoom {
  let database: Database
  let bound: UnsignedBound

  /// Whether there is room for `arrival` now; what had to go for it is gone. What is dropped
  /// either way is counted.
  func make(for arrival: Prepared, hopeful: Bool) throws -> Bool {
    let mayFit = arrival.size <= min(bound.bytesEach, bound.bytesInAll)
    while let place = try crowded(arrival) {
      guard try mayFit && evict(from: place, for: arrival, hopeful: hopeful) else {
        try count(dropped: arrival.size)
        return false
      }
    }
    return true
  }

  private enum Place { case ofTheSender, inAll }

  private func crowded(_ arrival: Prepared) throws -> Place? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT coalesce((SELECT count FROM unsigned_room WHERE sender = ?1), 0),
          coalesce((SELECT bytes FROM unsigned_room WHERE sender = ?1), 0),
          unsigned_count, unsigned_bytes FROM tally
        """)
    guard let row = try Row.fetchOne(statement, arguments: [arrival.sender]) else { return nil }
    if row[0] + 1 > bound.countEach || row[1] + arrival.size > bound.bytesEach {
      return .ofTheSender
    }
    let isFull = row[2] + 1 > bound.countInAll || row[3] + arrival.size > bound.bytesInAll
    return isFull ? .inAll : nil
  }

  private func evict(from place: Place, for arrival: Prepared, hopeful: Bool) throws -> Bool {
    let settled = "sender IS NOT NULL AND settled_at IS NOT NULL"
    if try evictOldest(settled, from: place, for: arrival, counted: false) { return true }
    guard hopeful else { return false }
    let hopeless = "hopeful = 0 AND settled_at IS NULL"
    return try evictOldest(hopeless, from: place, for: arrival, counted: true)
  }

  private func evictOldest(
    _ condition: String, from place: Place, for arrival: Prepared, counted: Bool
  ) throws -> Bool {
    let whose = place == .ofTheSender ? "sender = ?" : "? IS NOT NULL"
    let statement = try database.cachedStatement(
      sql: """
        SELECT row, \(CentreSchema.size("envelope")) FROM envelope
        WHERE \(condition) AND \(whose) ORDER BY row LIMIT 1
        """)
    guard let victim = try Row.fetchOne(statement, arguments: [arrival.sender]) else { return false }
    try database.run("DELETE FROM envelope WHERE row = ?", [victim[0] as Int64])
    if counted { try count(dropped: victim[1]) }
    return true
  }

  private func count(dropped bytes: Int) throws {
    try database.run(
      "UPDATE tally SET dropped = dropped + 1, dropped_bytes = dropped_bytes + ?", [bytes])
  }
}
