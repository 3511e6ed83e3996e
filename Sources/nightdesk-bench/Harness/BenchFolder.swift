// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A fresh folder on a real disk: a sync in memory costs nothing and would prove nothing.
struct BenchFolder: Sendable {
  let path: String

  static func make(in parent: String) throws -> BenchFolder {
    guard let resolved = realpath(parent, nil) else { throw BenchFault("there is no folder \(parent)") }
    defer { free(resolved) }
    guard !["tmpfs", "ramfs"].contains(try fileSystem(of: String(cString: resolved))) else {
      throw BenchFault("\(parent) lies in memory; name a folder on a disk with --folder")
    }
    var template = Array((parent + "/bench-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw BenchFault("no folder can be made in \(parent)") }
    let end = template.firstIndex(of: 0) ?? template.endIndex
    return BenchFolder(path: String(decoding: template[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  /// The type of the file system that holds `path`, from /proc/self/mounts (proc(5)).
  private static func fileSystem(of path: String) throws -> String {
    let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
    let fields = mounts.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count > 2 }
    let holding = fields.filter { field in
      field[1] == "/" || path == field[1] || path.hasPrefix(field[1] + "/")
    }
    return holding.max { $0[1].count < $1[1].count }.map { String($0[2]) } ?? ""
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
