// SPDX-License-Identifier: Apache-2.0

import Central
import Foundation
import Wire

/// One small file a code, named by the code's digest: the code itself is nowhere on disk.
/// Files, not the database, so that codes are made while the centre holds its database.
struct EnrolmentFolder: EnrolmentCodes {
  let path: String

  func keep(_ promise: EnrolmentPromise, of codeHash: String) throws {
    // Under its last name only when whole: the centre may look at any moment.
    let unfinished = file(codeHash) + ".new"
    try Files.write(Canonical.encode(promise), to: unfinished)
    guard rename(unfinished, file(codeHash)) == 0 else {
      throw Refusal("\(file(codeHash)) cannot be written")
    }
  }

  func promise(of codeHash: String) async -> EnrolmentPromise? {
    guard let data = FileManager.default.contents(atPath: file(codeHash)) else { return nil }
    do {
      return try JSONDecoder().decode(EnrolmentPromise.self, from: data)
    } catch {
      return nil
    }
  }

  func forget(_ codeHash: String) async { unlink(file(codeHash)) }

  private func file(_ codeHash: String) -> String { "\(path)/\(codeHash).json" }
}
