// SPDX-License-Identifier: Apache-2.0

import Testing

/// One file of the tree, by its path from the root.
struct SourceFile: Sendable {
  let path: String
  let text: String
  /// Read once for all rules; of a Swift file only.
  let swift: SwiftText
  let lines: [Substring]

  init(path: String, text: String) {
    self.path = path
    self.text = text
    swift = SwiftText(path.hasSuffix(".swift") ? text : "")
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// `Sources/Records/Time.swift` → `Records`; device code is named in a table.
  var module: String {
    let folder = Layers.deviceModules.first { path.hasPrefix($0.key + "/") }
    if let folder { return folder.value }
    return path.split(separator: "/").dropFirst().first.map { String($0) } ?? ""
  }

  var isExecutable: Bool { Layers.executables.contains(module) }
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
