// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// One process owns a ledger. The kernel lets go of the lock when the process ends,
/// however it ends.
public final class OwnerLock: Sendable {
  private let file: Mutex<CInt?>

  private init(file: CInt) { self.file = Mutex(file) }

  deinit { release() }

  public func release() {
    file.withLock { file in
      if let held = file { close(held) }
      file = nil
    }
  }

  public static func take(_ path: String) throws(OpenFault) -> OwnerLock {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw OpenFault("no lock file can be made", systemError: errno) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let owner = readOwner(file)
      close(file)
      throw .heldByAnother(process: owner)
    }
    let name = Array("\(getpid())\n".utf8)
    if ftruncate(file, 0) == 0 { _ = pwrite(file, name, name.count, 0) }
    return OwnerLock(file: file)
  }

  private static func readOwner(_ file: CInt) -> Int32? {
    var text = [UInt8](repeating: 0, count: 16)
    let count = pread(file, &text, text.count, 0)
    guard count > 0 else { return nil }
    let digits = text.prefix(count).prefix { (48...57).contains($0) }
    return Int32(String(decoding: digits, as: UTF8.self))
  }
}
