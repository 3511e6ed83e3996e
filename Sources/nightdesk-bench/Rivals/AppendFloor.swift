// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The least that a promise can cost on this machine: append the bytes of one filing to a
/// file, fdatasync.
struct AppendFloor: Sendable {
  static let bytes = 1500
  let folder: BenchFolder

  /// One lap an append, in a file of its own.
  func laps(_ count: Int, round: Int) async throws -> Laps {
    let path = folder.file("floor-\(round)")
    return try await OwnThread.run {
      let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
      guard file >= 0 else { throw BenchFault("\(path) cannot be made") }
      defer {
        close(file)
        unlink(path)
      }
      let block = [UInt8](repeating: 0xA5, count: Self.bytes)
      var laps = Laps(capacity: count)
      for _ in 0..<count {
        let start = Stopwatch.now
        guard write(file, block, block.count) == block.count, fdatasync(file) == 0 else {
          throw BenchFault("the disk does not take the floor's bytes")
        }
        laps.add(Stopwatch.now - start)
      }
      return laps
    }
  }
}
