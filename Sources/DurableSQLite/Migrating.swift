// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Records

/// Brings a closed file to the newest form, one step after the other. Killed or without room
/// at any point, the file is of the old form or of the new one, never between.
struct Migrating {
  let path: String
  let migrations: [Migration]
  /// The names of the steps that the file has seen.
  var applied: Set<String>

  /// False when it is absent or empty.
  var hasFile: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_size > 0
  }

  /// A file that has seen other steps than these counts as one that needs them.
  var isNeeded: Bool { applied != Set(migrations.map(\.name)) }

  /// - Returns: the steps taken on a file that had a form before.
  func run() throws -> [String] {
    guard applied.isSubset(of: migrations.map(\.name)) else {
      throw Migration.isNewer(applied, than: migrations) ? OpenFault.newer : OpenFault.broken
    }
    var taken: [String] = []
    for (index, step) in migrations.enumerated() where !applied.contains(step.name) {
      if !applied.isEmpty {
        try settle()
        try DurableFile.copy(path, to: "\(path).before-\(index + 1)")
        taken.append(step.name)
      }
      try apply(step)
    }
    return taken
  }

  private func apply(_ step: Migration) throws {
    let queue = try DatabaseQueue(path: path, configuration: Connections.migrating)
    defer { try? queue.close() }
    try queue.writeWithoutTransaction { database in
      try Connections.makeDurable(database)
      do {
        try step.apply(to: database)
      } catch let error as DatabaseError {
        let fault = StoreFault(error, systemError: database.systemError(of: error), atCommit: true)
        throw fault == .full ? OpenFault.full : OpenFault(error, at: path)
      }
    }
  }

  /// Everything in the file itself and no log, so that the file alone is a copy.
  private func settle() throws {
    let queue = try DatabaseQueue(path: path, configuration: Connections.writing)
    defer { try? queue.close() }
    try queue.writeWithoutTransaction { database in
      try Connections.makeDurable(database)
      guard try Connections.emptyLog(database) else {
        throw OpenFault.cannotOpen("the log cannot be brought into the file")
      }
    }
  }
}
