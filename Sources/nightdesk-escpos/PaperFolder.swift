// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The folder shared with kioskd: `tokens/<job>` are permissions to print, each for once;
/// `outcomes/<job>` is what became of it. `uncut` is there while a slip may hang in the
/// printer; it outlives us and kioskd.
struct PaperFolder {
  let path: String

  /// Uses up the permission to print. False when there is none: cupsd runs a job again
  /// after its own crash, and kioskd takes permissions back.
  func takeToken(_ job: JobName) -> Bool { unlink("\(path)/tokens/\(job.text)") == 0 }

  var isUncut: Bool { access("\(path)/uncut", F_OK) == 0 }

  func markUncut(_ isUncut: Bool) {
    guard isUncut else {
      unlink("\(path)/uncut")
      return
    }
    let file = open("\(path)/uncut", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
  }

  /// Whole or not at all.
  func keep(_ outcome: Outcome, of job: JobName) -> Bool {
    let place = "\(path)/outcomes/\(job.text)"
    let draft = "\(path)/outcomes/.\(job.text)"
    let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    let bytes = Array((outcome.json + "\n").utf8)
    let isKept = write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
    close(file)
    return isKept && rename(draft, place) == 0
  }
}
