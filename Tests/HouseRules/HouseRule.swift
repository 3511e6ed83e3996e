// SPDX-License-Identifier: Apache-2.0

import Testing

/// One file of the tree, by its path from the root.
struct SourceFile: Sendable {
  var path: String
  var text: String

  /// `Sources/Records/Time.swift` → `Records`; device code is named in a table.
  var module: String {
    let folder = Layers.deviceModules.first { path.hasPrefix($0.key + "/") }
    if let folder { return folder.value }
    return path.split(separator: "/").dropFirst().first.map { String($0) } ?? ""
  }

  var isExecutable: Bool { Layers.executables.contains(module) }
  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

/// A place where a rule does not hold.
struct Breach: Hashable, CustomStringConvertible {
  var path: String
  var line: Int
  var sentence: String

  var description: String { "\(path):\(line): \(sentence)" }
}

/// A rule is a pure function over one file, and shows with a bad example that it bites.
struct HouseRule: Sendable, CustomTestStringConvertible {
  var name: String
  /// Tests are held to the header only.
  var holdsForTests = false
  var bad: SourceFile
  var breaches: @Sendable (SourceFile) -> [Breach]

  var testDescription: String { name }
}

extension SourceFile {
  func breach(_ line: Int, _ sentence: String) -> Breach {
    Breach(path: path, line: line, sentence: sentence)
  }
}
