// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A small file that is there whole or not at all, on the disk and not only in memory.
public enum DurableFile {
  /// Nil when there is no such file.
  public static func read(_ path: String) throws(OpenFault) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw OpenFault("\(path) cannot be read", systemError: errno)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw OpenFault("\(path) cannot be read", systemError: errno) }
      bytes += buffer.prefix(count)
    }
  }

  /// Puts `bytes` in the place of the file, readable by its owner alone. On return file and
  /// name are synced; before, the old file stands as it was.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(OpenFault) {
    let beside = path + ".new"
    let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw OpenFault("\(beside) cannot be made", systemError: errno) }
    let written = write(bytes, to: file) && fsync(file) == 0
    let fault = errno
    close(file)
    guard written else { throw OpenFault("\(beside) cannot be written", systemError: fault) }
    guard rename(beside, path) == 0 else {
      throw OpenFault("\(path) cannot be replaced", systemError: errno)
    }
    try sync(nameOf: path)
  }

  /// A copy of a file that nobody writes, there whole under its name or not at all; it takes
  /// the place of an older copy. Without room nothing is changed.
  static func copy(_ path: String, to copy: String) throws(OpenFault) {
    let source = open(path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw OpenFault("\(path) cannot be read", systemError: errno) }
    defer { close(source) }
    let beside = copy + ".new"
    let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw OpenFault("\(beside) cannot be made", systemError: errno) }
    let isWritten = pour(source, into: file) && fsync(file) == 0
    let fault = errno
    close(file)
    guard isWritten, rename(beside, copy) == 0 else {
      let fault = isWritten ? errno : fault
      unlink(beside)
      throw OpenFault("\(copy) cannot be written", systemError: fault)
    }
    try sync(nameOf: copy)
  }

  private static func pour(_ source: CInt, into file: CInt) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = Glibc.read(source, &buffer, buffer.count)
      if count == 0 { return true }
      if count < 0, errno == EINTR { continue }
      guard count > 0, write(Array(buffer.prefix(count)), to: file) else { return false }
    }
  }

  private static func write(_ bytes: [UInt8], to file: CInt) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// A new name is on the disk when its folder is synced.
  public static func sync(nameOf path: String) throws(OpenFault) {
    let end = path.lastIndex(of: "/")
    let folder = end.map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
    let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { throw OpenFault("\(folder) cannot be opened", systemError: errno) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw OpenFault("\(folder) cannot be synced", systemError: errno) }
  }
}
