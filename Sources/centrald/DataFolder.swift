// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Wire

/// `--data DIR`: keys, token, enrolments, database. Everything in it is for its owner only.
struct DataFolder: ParsableArguments {
  @Option(help: "The centre's folder.")
  var data: String

  enum File: String, CaseIterable {
    case routing = "routing.key"
    case content = "content.key"
    case signer = "signer.key"
    case root = "root.json"
    case clerkToken = "clerk.token"
  }

  var database: String { data + "/centre.sqlite" }
  var enrolments: String { data + "/enrolments" }

  func path(_ file: File) -> String { data + "/" + file.rawValue }

  /// Makes the folder, or takes it as it is.
  func make() throws {
    for folder in [data, enrolments] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
      throw Refusal("the folder \(folder) cannot be made: \(Self.lastError)")
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

  static func read(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Refusal("\(path) cannot be read")
    }
    return [UInt8](data)
  }

  func text(_ file: File) throws -> String {
    do {
      return String(decoding: try Self.read(path(file)), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw Refusal("\(path(file)) cannot be read; make keys with: centrald keys new --data \(data)")
    }
  }

  /// The private key in `file`, kept as base 64.
  func key(_ file: File) throws -> [UInt8] {
    guard let bytes = Base64(text: try text(file))?.bytes else {
      throw Refusal("\(path(file)) holds no key")
    }
    return bytes
  }

  private static var lastError: String { String(cString: strerror(errno)) }
}
