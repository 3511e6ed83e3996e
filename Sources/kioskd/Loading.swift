// SPDX-License-Identifier: Apache-2.0

import Foundation
import LoopbackPages
import Records
import Storage
import StrictJSON
import Upkeep
import Wire

/// Why the terminal cannot start, as a sentence for whoever reads the journal.
struct StartFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Reads what lies on the disk before anything runs.
enum Loading {
  static func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StartFault("\(path) cannot be read; put it there or correct the start-up file")
    }
    return [UInt8](data)
  }

  static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

  static func decode<Value: Decodable>(_ type: Value.Type, at path: String) throws -> Value {
    let bytes = try bytes(path)
    do {
      return try StrictJSON.decode(type, from: bytes)
    } catch {
      throw StartFault("\(path): \(error)")
    }
  }

  /// Every file of the words folder; a key that stands in two of them is a fault.
  static func words(_ folder: String) throws -> Words {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let files = try names.filter { $0.hasSuffix(".json") }.map { ($0, try bytes(folder + "/" + $0)) }
    do {
      return try WordsFiles.read(files)
    } catch {
      throw StartFault("\(folder): \(error)")
    }
  }

  /// The files of a page; those of a later folder take the place of namesakes.
  static func assets(_ folders: String...) throws -> Assets {
    var files: [String: [UInt8]] = [:]
    for folder in folders {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        files[name] = try bytes(folder + "/" + name)
      }
    }
    return Assets(files)
  }

  static func identity(_ folders: StartFile.Folders) throws -> (TerminalIdentity, TerminalSigner) {
    guard FileManager.default.fileExists(atPath: folders.identity) else {
      throw StartFault("this terminal is not enrolled yet; run: kioskctl enrol --centre https://HOST:PORT")
    }
    let (identity, key) = (try bytes(folders.identity), try bytes(folders.terminalKey))
    do {
      return (try TerminalIdentity.decode(identity), try TerminalSigner(privateKey: key))
    } catch {
      throw StartFault(
        "\(folders.identity) or the key beside it is damaged (\(error)); enrol this terminal anew")
    }
  }

  /// The settings in force, and what staff should hear of them.
  static func settings(
    _ folders: StartFile.Folders, root: RootDocument, shelves: Shelves?, at time: Timestamp
  ) async throws -> (Settings, SettingsShelf.Found) {
    let shelf = SettingsShelf(shelves) { bytes in
      do throws(WireFault) {
        return try SettingsDocument.verify(bytes, root: root)
      } catch {
        throw StartFault(error.reason)
      }
    }
    let pushed = FileManager.default.contents(atPath: folders.settings).map { [UInt8]($0) }
    let found = await shelf.take(pushed, at: time)
    if let settings = found.settings { return (settings, found) }
    let reason = found.refused.map { " (\($0))" } ?? ""
    throw StartFault(
      "\(folders.settings) holds no settings signed for this terminal\(reason); sign them with "
        + "`centrald settings sign` and put them there")
  }

  /// A page's token: made once a boot, so that it outlives a restart of this process.
  static func pageToken(_ path: String, chance: any RandomSource) throws -> String {
    if let kept = FileManager.default.contents(atPath: path), kept.count == 64 {
      return String(decoding: kept, as: UTF8.self)
    }
    let token = Hex.text(chance.bytes(32))
    let made = FileManager.default.createFile(
      atPath: path, contents: Data(token.utf8), attributes: [.posixPermissions: 0o600])
    guard made else { throw StartFault("\(path) cannot be written") }
    return token
  }
}

extension WireFault {
  /// Why a signed file is not obeyed, for logs and staff.
  fileprivate var reason: String {
    switch self {
    case .malformed(let why): why
    case .notCanonical: "it is not in canonical form"
    case .partMismatch: "a part is not the one its header names"
    case .wrongKey: "a key in it is no key"
    case .cannotOpen: "it was altered"
    case .unsigned: "too few of the signers that this terminal knows have signed it"
    }
  }
}
