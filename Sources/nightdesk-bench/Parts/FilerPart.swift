// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Glibc
import Storage

/// Files into a ledger, then kills itself when the log is as full as it gets; or, told so,
/// files that many one by one and ends well.
struct FilerPart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "filer")

  @Argument var folder: String
  @Argument var count: Int
  @Flag(help: "One by one, and a clean end.") var plainly = false

  func run() async throws {
    let terminal = try SampleTerminal(allotment: try SampleTerminal.sampleAllotment())
    let ours = try await BenchLedger.open(in: BenchFolder(path: folder), terminal: terminal)
    if plainly {
      for _ in 0..<count { try await ours.file() }
      try ours.ledger.close()
      return
    }
    try await ours.fill(count)
    let log = WriteAheadLog(path: folder + "/ledger-wal")
    for _ in 0..<2000 where log.fullness < 0.9 { try await ours.file() }
    Speech.say("\(log.frames) frames")
    kill(getpid(), SIGKILL)
  }
}

/// How much of a log is in use (sqlite.org/fileformat2.html, 4.1: a frame counts while its
/// salts are those of the log's header).
struct WriteAheadLog {
  let path: String
  private static let header = 32, frame = 24 + 4096

  private func read(_ count: Int, at offset: Int) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(file, &bytes, count, offset) == count ? bytes : []
  }

  private var size: Int {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    return Int(lseek(file, 0, SEEK_END))
  }

  private var room: Int { max(0, size - Self.header) / Self.frame }

  var frames: Int {
    let salts = read(8, at: 16)
    var (low, high) = (0, room)
    // Frames in use come first, so that halving finds the end.
    while low < high {
      let middle = (low + high) / 2
      let isUsed = read(8, at: Self.header + middle * Self.frame + 8) == salts
      if isUsed { low = middle + 1 } else { high = middle }
    }
    return low
  }

  var fullness: Double { room == 0 ? 0 : Double(frames) / Double(room) }
}
