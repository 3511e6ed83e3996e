// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DurableSQLite
import Foundation
import Records
import Storage
import StrictJSON
import Upkeep

enum Output {
  static func line(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  static func complain(_ sentence: String) {
    FileHandle.standardError.write(Data((sentence + "\n").utf8))
  }
}

/// Something did not hold: said in words, exit status 1.
struct Refusal: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

enum Files {
  static func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Refusal("\(path) cannot be read")
    }
    return [UInt8](data)
  }

  static func words(_ folder: String) throws -> Words {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try WordsFiles.read(
      try names.filter { $0.hasSuffix(".json") }.map { ($0, try bytes(folder + "/" + $0)) })
  }

  static func start(_ profile: String) throws -> StartFile {
    do {
      return try StrictJSON.decode(StartFile.self, from: try bytes(profile))
    } catch let fault as JSONFault {
      throw Refusal("\(profile): \(fault)")
    }
  }

  /// Whole or not at all, readable by its owner alone; on the disk, name and all, on return.
  static func writeSecret(_ bytes: [UInt8], to path: String) throws {
    do throws(OpenFault) {
      try DurableFile.replace(path, with: bytes)
    } catch {
      throw Refusal("\(path) cannot be written: \(error)")
    }
  }

  /// Puts the name of a new file or folder on the disk.
  static func sync(nameOf path: String) throws {
    do throws(OpenFault) {
      try DurableFile.sync(nameOf: path)
    } catch {
      throw Refusal("\(path) cannot be written: \(error)")
    }
  }
}
