// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records
import Synchronization

/// When each terminal was heard last: in memory, and on the disk a minute later at most while
/// anything is written at all.
final class Sightings: Sendable {
  private struct Notes {
    var latest: [String: Timestamp] = [:]
    var unwritten: Set<String> = []
    var writtenAt: Timestamp?
  }

  private static let patience: Int64 = 60
  private let notes = Mutex(Notes())

  func note(_ terminal: String, at time: Timestamp) {
    notes.withLock { notes in
      notes.latest[terminal] = time
      notes.unwritten.insert(terminal)
    }
  }

  func latest(_ terminal: String) -> Timestamp? { notes.withLock { $0.latest[terminal] } }

  /// What is to be written with the transaction that is about to begin.
  func due(at time: Timestamp?) -> [String: Timestamp] {
    notes.withLock { notes in
      if let time, let last = notes.writtenAt, last <= time,
        time < last.advanced(bySeconds: Self.patience)
      {
        return [:]
      }
      notes.writtenAt = time
      defer { notes.unwritten = [] }
      return notes.latest.filter { notes.unwritten.contains($0.key) }
    }
  }

  /// The transaction failed.
  func putBack(_ terminals: some Sequence<String>) {
    notes.withLock { $0.unwritten.formUnion(terminals) }
  }

  static func write(_ sightings: [String: Timestamp], to database: Database) throws {
    for (terminal, time) in sightings {
      try database.run(
        "UPDATE terminal SET seen_at = ? WHERE name = ?", [time.milliseconds, terminal])
    }
  }
}
