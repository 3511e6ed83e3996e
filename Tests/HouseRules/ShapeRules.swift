// SPDX-License-Identifier: Apache-2.0

/// How a file looks from afar.
enum ShapeRules {
  private static let header = "// SPDX-License-Identifier: Apache-2.0"
  private static let mostLines = 400
  private static let mostBodyLines = 45
  private static let mostColumns = 110

  static let rules: [HouseRule] = [
    HouseRule(
      name: "every Swift file begins with its licence", holdsForTests: true,
      bad: SourceFile(path: "Tests/Wire/A.swift", text: "import Testing\n"),
      breaches: { file in
        file.text.hasPrefix(header + "\n") ? [] : [file.breach(1, "the licence line is missing")]
      }),
    HouseRule(
      name: "a file has at most 400 lines",
      bad: SourceFile(
        path: "Sources/Records/A.swift", text: String(repeating: "let a = 1\n", count: 401)),
      breaches: { file in
        let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        return count > mostLines ? [file.breach(count, "\(count) lines")] : []
      }),
    HouseRule(
      name: "a line has at most 110 columns",
      bad: SourceFile(
        path: "Sources/Records/A.swift", text: "// " + String(repeating: "字", count: 108)),
      breaches: { file in
        file.lines.enumerated().filter { $1.count > mostColumns }
          .map { file.breach($0.offset + 1, "\($0.element.count) columns") }
      }),
    HouseRule(
      name: "a function has at most 45 lines",
      bad: SourceFile(
        path: "Sources/Records/A.swift",
        text: "func a() {\n" + String(repeating: "  b()\n", count: 46) + "}\n"),
      breaches: functions),
    HouseRule(
      name: "no notes to ourselves",
      bad: SourceFile(path: "Sources/Records/A.swift", text: "// " + "TO" + "DO: later\n"),
      breaches: notes),
    HouseRule(
      name: "no path of one machine",
      bad: SourceFile(
        path: "Sources/kioskd/A.swift", text: "let a = \"/home" + "/ada/nightdesk\"\n"),
      breaches: machinePaths),
  ]

  private static func functions(_ file: SourceFile) -> [Breach] {
    let text = file.swift
    let heads = ["func ", "init(", "init?(", "init<", "deinit", "subscript("]
    let starts = heads.flatMap { head in
      text.occurrences(of: head).filter { offset in
        offset == 0 || [UInt8(ascii: " "), UInt8(ascii: "\n")].contains(text.code[offset - 1])
      }
    }
    return starts.compactMap { start in
      guard let body = body(of: start, in: text) else { return nil }
      let lines = text.line(at: body.upperBound) - text.line(at: body.lowerBound) - 1
      return lines > mostBodyLines ? file.breach(text.line(at: start), "\(lines) lines") : nil
    }
  }

  /// From the opening brace to the closing one; nil for a requirement without a body.
  private static func body(of start: Int, in text: SwiftText) -> ClosedRange<Int>? {
    var parentheses = 0
    var braces = 0
    var opening: Int?
    for offset in start..<text.code.count {
      switch text.code[offset] {
      case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        parentheses -= 1
        if opening == nil, parentheses < 0 { return nil }
      case UInt8(ascii: "{") where opening != nil || parentheses == 0:
        opening = opening ?? offset
        braces += 1
      case UInt8(ascii: "}") where opening == nil: return nil
      case UInt8(ascii: "}") where parentheses >= 0:
        braces -= 1
        if braces == 0, let opening { return opening...offset }
      case UInt8(ascii: "\n") where opening == nil && parentheses == 0:
        let next = text.code[(offset + 1)...].prefix { $0 != UInt8(ascii: "\n") }
        let word = String(decoding: next, as: UTF8.self).split(separator: " ").first ?? ""
        let goesOn = ["{", "where", "->", ")", "async", "throws"].contains { word.hasPrefix($0) }
        if !goesOn { return nil }
      default: break
      }
    }
    return nil
  }

  private static func notes(_ file: SourceFile) -> [Breach] {
    let marks = ["TO" + "DO", "FIX" + "ME", "MA" + "RK", "HA" + "CK", "XX" + "X:"]
    return file.lines.enumerated().compactMap { index, line in
      guard let comment = line.firstRange(of: "//"),
        let mark = marks.first(where: { line[comment.upperBound...].contains($0) })
      else { return nil }
      return file.breach(index + 1, "\(mark): write an issue instead")
    }
  }

  private static func machinePaths(_ file: SourceFile) -> [Breach] {
    let text = file.swift
    return text.literals.filter { literal in
      ["/home/", "/root/", "/Users/"].contains { literal.text.hasPrefix($0) }
    }
    .map { file.breach(text.line(at: $0.offset), "this folder is of one machine") }
  }
}
