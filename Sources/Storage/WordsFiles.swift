// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// The sentences that are installed on a terminal, from the files they lie in.
public enum WordsFiles {
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// - Parameter files: name and bytes of each; a key that stands in two of them is a fault.
  public static func read(_ files: [(name: String, bytes: [UInt8])]) throws(Fault) -> Words {
    var all: [String: Words.Sentence] = [:]
    for (name, bytes) in files {
      for (key, sentence) in try sentences(name, bytes)
      where all.updateValue(sentence, forKey: key) != nil {
        throw Fault(description: "\(name): \(key) stands in another file too")
      }
    }
    guard !all.isEmpty else { throw Fault(description: "there are no words") }
    return Words(all)
  }

  private static func sentences(
    _ name: String, _ bytes: [UInt8]
  ) throws(Fault) -> [String: Words.Sentence] {
    do throws(JSONFault) {
      return try StrictJSON.decode([String: Words.Sentence].self, from: bytes)
    } catch {
      throw Fault(description: "\(name): \(error)")
    }
  }
}
