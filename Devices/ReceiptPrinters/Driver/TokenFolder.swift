// SPDX-License-Identifier: Apache-2.0

import Glibc
import Records

/// The folder shared with our filter: a file in `tokens` is the permission to print one
/// job once, and goes with its use; a file in `outcomes` says how that ended.
actor TokenFolder {
  private let thread = OwnThread("slip tokens")
  private let path: String

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  init(_ path: String) { self.path = path }

  /// Permits `job`. False when the folder cannot be written.
  func permit(_ job: SlipJob) -> Bool {
    _ = mkdir(path, 0o700)
    _ = mkdir("\(path)/tokens", 0o700)
    _ = mkdir("\(path)/outcomes", 0o700)
    let file = open("\(path)/tokens/\(job)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    close(file)
    return true
  }

  /// Takes the permission back. True when it was still there: from then on nothing of the
  /// job can get onto paper, and nothing has.
  func withdraw(_ job: SlipJob) -> Bool { unlink("\(path)/tokens/\(job)") == 0 }

  /// How `job` ended, once; nil while nobody has said.
  func takeOutcome(of job: SlipJob) -> OutcomeRecord? {
    let place = "\(path)/outcomes/\(job)"
    let file = open(place, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer {
      close(file)
      unlink(place)
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(file, &bytes, bytes.count)
    return OutcomeRecord(bytes.prefix(max(0, count)))
  }

  /// The same, waited for up to so many milliseconds, also by a task that is cancelled.
  func takeOutcome(of job: SlipJob, waiting milliseconds: Int) -> OutcomeRecord? {
    for _ in 0...(milliseconds / 10) {
      if let record = takeOutcome(of: job) { return record }
      if milliseconds > 0 { usleep(10_000) }
    }
    return nil
  }

  /// Withdraws every permission and forgets every outcome.
  func empty() {
    for folder in ["\(path)/tokens", "\(path)/outcomes"] {
      for name in Self.names(in: folder) { unlink("\(folder)/\(name)") }
    }
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
