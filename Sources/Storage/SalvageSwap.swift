// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Glibc
import Records

/// Changes one ledger file for another, so that a kill at any point leaves either the old
/// file where it was, or a mark that says how to go on.
///
/// The mark, `<path>.salvage`, names the place aside. While it is there no ledger opens; the
/// old log must never lie beside the new file, which SQLite would then take for its own.
struct SalvageSwap {
  let path: String
  let folder: String

  var new: String { path + ".new" }
  private var mark: String { path + ".salvage" }

  /// Throws while a salvage was begun and has not ended.
  static func forbidUnfinished(at path: String) throws(OpenFault) {
    guard try DurableFile.read(path + ".salvage") != nil else { return }
    throw .cannotOpen("a salvage was begun and did not end: run it again")
  }

  func isBegun() throws(OpenFault) -> Bool { try DurableFile.read(mark) != nil }

  /// Returns where the old file lies now.
  func moveAside(at time: Timestamp) throws(OpenFault) -> String {
    let old: String
    if let begun = try DurableFile.read(mark) {
      old = String(decoding: begun, as: UTF8.self)
    } else {
      guard Self.exists(path) else { throw .cannotOpen("there is no ledger at \(path)") }
      mkdir(folder, 0o700)
      old = freePlace(at: time)
      try DurableFile.replace(mark, with: Array(old.utf8))
    }
    // What is at `path` after the file went aside is the new one already.
    if !Self.exists(old) {
      try moveBoth(to: old)
      try DurableFile.sync(nameOf: old)
      try DurableFile.sync(nameOf: path)
    }
    unlink(path + "-shm")
    for ending in ["", "-wal", "-shm", ".lock"] { unlink(new + ending) }
    return old
  }

  private func freePlace(at time: Timestamp) -> String {
    let name = path.split(separator: "/").last.map { String($0) } ?? "ledger"
    var (place, count) = ("\(folder)/\(name)-\(time.milliseconds)", 0)
    while Self.exists(place) || Self.exists(place + "-wal") {
      count += 1
      place = "\(folder)/\(name)-\(time.milliseconds)-\(count)"
    }
    return place
  }

  /// The new ledger was closed. Its log goes, and so must be empty: a disk that fills up at the
  /// close leaves in it what the file has no room for.
  func putInPlace() throws(OpenFault) {
    guard DurableDatabase.isWhole(new) else {
      throw .cannotOpen("the new ledger could not be finished: make room on the disk and run it again")
    }
    for ending in ["-wal", "-shm", ".lock"] { unlink(new + ending) }
    try move(new, to: path)
    try DurableFile.sync(nameOf: path)
    unlink(mark)
    try DurableFile.sync(nameOf: path)
  }

  private func moveBoth(to old: String) throws(OpenFault) {
    do throws(OpenFault) {
      if Self.exists(path + "-wal") { try move(path + "-wal", to: old + "-wal") }
      try move(path, to: old)
    } catch {
      // As long as nothing was moved the ledger is as it was.
      if !Self.exists(old + "-wal") { unlink(mark) }
      throw error
    }
  }

  private func move(_ from: String, to place: String) throws(OpenFault) {
    guard rename(from, place) != 0 else { return }
    throw .cannotOpen("\(from) cannot be moved to \(place), error \(errno)")
  }

  private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
