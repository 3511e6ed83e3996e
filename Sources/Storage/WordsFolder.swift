// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records
import StrictJSON

/// The sentences that are installed on a terminal.
public enum WordsFolder {
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Every file of `folder`; a key that stands in two of them is a fault.
  public static func read(_ folder: String) throws(Fault) -> Words {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard !names.isEmpty else { throw Fault(description: "\(folder): there are no words") }
    var all: [String: Words.Sentence] = [:]
    for name in names.sorted() where name.hasSuffix(".json") {
      for (key, sentence) in try sentences(folder + "/" + name)
      where all.updateValue(sentence, forKey: key) != nil {
        throw Fault(description: "\(folder)/\(name): \(key) stands in another file too")
      }
    }
    return Words(all)
  }

  private static func sentences(_ path: String) throws(Fault) -> [String: Words.Sentence] {
    let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
    do throws(JSONFault) {
      return try StrictJSON.decode([String: Words.Sentence].self, from: bytes)
    } catch {
      throw Fault(description: "\(path): \(error)")
    }
  }
}
