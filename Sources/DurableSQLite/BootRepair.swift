// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What must happen to a write-ahead log before SQLite sees it again.
///
/// After a failed sync the kernel may hold pages as clean that never reached the disk:
/// SQLite would read them, answer from them, and a power cut would then lose rows that
/// were acknowledged (measured: up to 13). Rewriting the log with its own bytes makes
/// every page dirty again, so that the sync that follows is a true one.
enum BootRepair {
  /// Passes over a log that is provably empty: one that a clean end has marked so.
  ///
  /// - Parameter refusing: throws `broken`, and lets nobody write over them, when commits
  ///   stand behind a damaged place of the log.
  static func rewriteLog(of path: String, refusingLostCommits refusing: Bool = false) throws(OpenFault) {
    let file = open(path + "-wal", O_RDWR | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return }
      throw OpenFault("the log cannot be opened", systemError: errno)
    }
    defer { close(file) }
    if EmptyLog.isMarked(file) { return }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while true {
      let count = pread(file, &buffer, buffer.count, offset)
      if count == 0 { break }
      guard count > 0, pwrite(file, buffer, count, offset) == count else {
        throw OpenFault("the log cannot be rewritten", systemError: errno)
      }
      offset += count
    }
    guard fdatasync(file) == 0 else {
      throw OpenFault("the log cannot be synced", systemError: errno)
    }
    // SQLite would write over rows that were answered for.
    if refusing, LostCommits.stand(in: file) { throw .broken }
  }
}
