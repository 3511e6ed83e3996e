// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Records

/// What must outlive every ledger of this terminal, in a small file beside it: the
/// allotments that ledgers have ever numbered from, and how far the numbers of each day may
/// have been handed out.
///
/// A new ledger never numbers from an allotment of an old one. An older copy of a ledger
/// that somebody puts back knows too low a sequence; the mark here is never below a number
/// that was handed out, so that none is told twice. The file is written before the first
/// number of each hundred, not with each filing.
///
/// One line each: `00A7` for an allotment, `00A7 20261121 300` for a mark.
struct AllotmentRecord: Sendable {
  struct Contents: Hashable, Sendable {
    var used: [Allotment] = []
    var marks: [Allotment: [Day: Int]] = [:]
  }

  let path: String

  /// Throws `broken` when a line is neither: what cannot be read may have been used.
  func read() throws(OpenFault) -> Contents {
    var contents = Contents()
    for line in (try DurableFile.read(path) ?? []).split(separator: UInt8(ascii: "\n")) {
      let words = String(decoding: line, as: UTF8.self).split(separator: " ")
      guard let first = words.first, let allotment = Allotment(String(first)) else { throw .broken }
      switch words.count {
      case 1: contents.used.append(allotment)
      case 3:
        guard let day = Day(digits: words[1]), let mark = Int(words[2]) else { throw .broken }
        contents.marks[allotment, default: [:]][day] = mark
      default: throw .broken
      }
    }
    return contents
  }

  /// On return `contents` are on the disk.
  func keep(_ contents: Contents) throws(OpenFault) {
    let used = contents.used.map { $0.text + "\n" }
    let marks = contents.marks.flatMap { allotment, days in
      days.map { "\(allotment.text) \($0.key.digits) \($0.value)\n" }
    }
    try DurableFile.replace(path, with: Array((used + marks.sorted()).joined().utf8))
  }
}
