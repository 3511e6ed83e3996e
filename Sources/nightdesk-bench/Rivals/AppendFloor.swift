// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The least that a promise can cost on this machine: append bytes to a file, fdatasync.
struct AppendFloor: Sendable {
  static let bytes = 1500
  let folder: BenchFolder

  /// One lap an append, in a file of its own, back to back.
  func laps(_ count: Int, round: Int) async throws -> Laps {
    let block = [UInt8](repeating: 0xA5, count: Self.bytes)
    return try await laps(count, round: round) { _ in block }
  }

  /// The same with `made` giving the bytes of each append, outside its lap. What is done between
  /// two syncs makes the second slower (measured: 167 us back to back, 229 with a seal between).
  func laps(
    _ count: Int, round: Int, _ made: @escaping @Sendable (Int) throws -> [UInt8]
  ) async throws -> Laps {
    let path = folder.file("floor-\(round)")
    return try await OwnThread.run {
      let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
      guard file >= 0 else { throw BenchFault("\(path) cannot be made") }
      defer {
        close(file)
        unlink(path)
      }
      var laps = Laps(capacity: count)
      for index in 0..<count {
        let block = try made(index)
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
