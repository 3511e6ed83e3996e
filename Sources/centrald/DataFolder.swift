// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Wire

/// `--data DIR`: keys, token, enrolments, catalogues, database. Everything in it is for its
/// owner only. The key to contents is no file of it: that lies in `OfficeFolder`.
struct DataFolder: ParsableArguments {
  @Option(help: "The centre's folder.")
  var data: String

  enum File: String, CaseIterable {
    case routing = "routing.key"
    case signer = "signer.key"
    case root = "root.json"
    case clerkToken = "clerk.token"
    case time = "time.key"
    case authorityKey = "authority.key"
    case authority = "authority.pem"
    case serverKey = "server.key"
    case server = "server.pem"
    /// Public half of what only the back office opens.
    case content = "content.pub"
  }

  var database: String { data + "/centre.sqlite" }
  var enrolments: String { data + "/enrolments" }
  var catalogues: String { data + "/catalogues" }
  var office: OfficeFolder { OfficeFolder(path: data + "/office") }

  func path(_ file: File) -> String { data + "/" + file.rawValue }

  /// Makes the folder, or takes it as it is.
  func make() throws {
    for folder in [data, enrolments, catalogues] { try Files.makeFolder(folder) }
  }

  func text(_ file: File) throws -> String { try Files.key(path(file), of: data) }

  /// The bytes in `file`, kept as base 64.
  func key(_ file: File) throws -> [UInt8] {
    guard let bytes = Base64(text: try text(file))?.bytes else {
      throw Refusal("\(path(file)) holds no key")
    }
    return bytes
  }
}

/// What only the back office reads: another user's folder, where the district wants that.
struct OfficeFolder {
  let path: String

  var contentKey: String { path + "/content.key" }
  var clerkToken: String { path + "/clerk.token" }
}

enum Files {
  static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw Refusal("the folder \(path) cannot be made: \(lastError)")
    }
  }

  /// Writes a new file; one that is there is never overwritten.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw Refusal(
        errno == EEXIST
          ? "\(path) is there already and is not overwritten"
          : "\(path) cannot be written: \(lastError)")
    }
    defer { close(file) }
    guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
      throw Refusal("\(path) cannot be written: \(lastError)")
    }
  }

  /// Under its last name only when whole: others may look at any moment.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    let unfinished = path + ".new"
    unlink(unfinished)
    try write(bytes, to: unfinished)
    guard rename(unfinished, path) == 0 else { throw Refusal("\(path) cannot be written: \(lastError)") }
  }

  /// A new file that is whole from the moment on at which it is there.
  static func add(_ path: String, _ bytes: [UInt8]) throws {
    let unfinished = path + ".new"
    unlink(unfinished)
    try write(bytes, to: unfinished)
    defer { unlink(unfinished) }
    guard link(unfinished, path) == 0 else {
      throw Refusal(
        errno == EEXIST
          ? "\(path) is there already and is not overwritten"
          : "\(path) cannot be written: \(lastError)")
    }
  }

  static func read(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Refusal("\(path) cannot be read")
    }
    return [UInt8](data)
  }

  /// The text of a key file, without the white space around it.
  static func key(_ path: String, of data: String) throws -> String {
    do {
      return String(decoding: try read(path), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw Refusal("\(path) cannot be read; make keys with: centrald keys new --data \(data)")
    }
  }

  private static var lastError: String { String(cString: strerror(errno)) }
}
