// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A fresh folder on a real disk: a sync in memory costs nothing and would prove nothing.
struct BenchFolder: Sendable {
  let path: String

  private static let inMemory: Set<Int> = [0x0102_1994, 0x8584_58F6]  // tmpfs, ramfs: statfs(2)

  static func make(in parent: String) throws -> BenchFolder {
    var status = statfs()
    guard statfs(parent, &status) == 0 else { throw BenchFault("there is no folder \(parent)") }
    guard !inMemory.contains(Int(status.f_type)) else {
      throw BenchFault("\(parent) lies in memory; name a folder on a disk with --folder")
    }
    var template = Array((parent + "/bench-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw BenchFault("no folder can be made in \(parent)") }
    let end = template.firstIndex(of: 0) ?? template.endIndex
    return BenchFolder(path: String(decoding: template[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  func remove() {
    // What is left over is in the way of nothing.
    try? FileManager.default.removeItem(atPath: path)
  }

  /// A new folder inside, made.
  func inner(_ name: String) throws -> BenchFolder {
    let inner = BenchFolder(path: path + "/" + name)
    try FileManager.default.createDirectory(atPath: inner.path, withIntermediateDirectories: true)
    return inner
  }

  func file(_ name: String) -> String { path + "/" + name }

  /// A copy of all that is in here, on the disk before this returns.
  func copy(to name: String, of parent: BenchFolder) throws -> BenchFolder {
    let copy = BenchFolder(path: parent.file(name))
    try FileManager.default.copyItem(atPath: path, toPath: copy.path)
    sync()
    return copy
  }
}
