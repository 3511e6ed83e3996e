// SPDX-License-Identifier: Apache-2.0

/// What only executables may call, and what nobody may write.
enum CallRules {
  /// Clocks, chance, files and output come in as parameters.
  private static let outsideExecutables = [
    "print", "debugPrint", "Date", "UUID", "ContinuousClock", "SuspendingClock",
    "SystemRandomNumberGenerator",
  ]
  private static let members = [
    ".random(", ".randomElement(", ".shuffled(", ".shuffle(", "Date.now", "ContinuousClock.now",
    "SuspendingClock.now", "FileManager", "ProcessInfo", "Task.detached", "@preconcurrency import",
  ]
  private static let unsafe = ["@unchecked Sendable", "nonisolated(unsafe)"]
  private static let unsafeModules: Set<String> = ["DeviceLinks", "ReceiptPrinters"]

  static let rules: [HouseRule] = [
    HouseRule(
      name: "clock, chance, files and output belong to the executables",
      bad: SourceFile(path: "Sources/Visits/A.swift", text: "let now = Date()\n"),
      breaches: { file in file.isExecutable ? [] : calls(file) }),
    HouseRule(
      name: "chance is handed in",
      bad: SourceFile(path: "Sources/Visits/A.swift", text: "let a = Int.random(in: 1...6)\n"),
      breaches: { file in file.isExecutable ? [] : calls(file) }),
    HouseRule(
      name: "unstructured tasks are begun by executables only",
      bad: SourceFile(path: "Sources/Visits/A.swift", text: "Task {\n  await run()\n}\n"),
      breaches: tasks),
    HouseRule(
      name: "unchecked promises to the compiler stand in two modules, each with its reason",
      bad: SourceFile(
        path: "Devices/Links/A.swift", text: "final class A: @unchecked Sendable {}\n"),
      breaches: promises),
    HouseRule(
      name: "nothing is forced",
      bad: SourceFile(path: "Sources/kioskd/A.swift", text: "let a = b!\n"), breaches: forced),
    HouseRule(
      name: "no try! and no as!",
      bad: SourceFile(path: "Sources/kioskd/A.swift", text: "let a = try! f() as! B\n"),
      breaches: forced),
    HouseRule(
      name: "log messages are fixed phrases",
      bad: SourceFile(
        path: "Sources/kioskd/A.swift", text: "logger.info(\n  \"card \\(number) read\")\n"),
      breaches: logged),
  ]

  private static func calls(_ file: SourceFile) -> [Breach] {
    let text = file.swift
    let plain = outsideExecutables.flatMap { name in
      text.occurrences(of: name + "(").filter { offset in
        let before = offset > 0 ? text.code[offset - 1] : UInt8(ascii: " ")
        return !SwiftText.isNameByte(before) && before != UInt8(ascii: ".")
          && text.word(before: offset) != "func"
      }
      .map { file.breach(text.line(at: $0), "\(name)( is for executables") }
    }
    let dotted = members.flatMap { name in
      text.occurrences(of: name).map {
        file.breach(text.line(at: $0), "\(name) is for executables")
      }
    }
    return plain + dotted
  }

  /// Not the type `Task<…>` where it is named in a signature or inside another type.
  private static func tasks(_ file: SourceFile) -> [Breach] {
    guard !file.isExecutable else { return [] }
    let text = file.swift
    let typeMarks = Set(">:[,<?".utf8)
    return ["Task {", "Task(", "Task<"].flatMap { text.occurrences(of: $0) }
      .filter { offset in
        let before = offset > 0 ? text.code[offset - 1] : UInt8(ascii: " ")
        let mark = text.before(offset) ?? UInt8(ascii: " ")
        let rest = text.code[offset...].prefix { $0 != UInt8(ascii: "\n") }
        return !SwiftText.isNameByte(before) && !typeMarks.contains(mark)
          && rest.contains(UInt8(ascii: "{"))
      }
      .map { file.breach(text.line(at: $0), "an unstructured task begins here") }
  }

  private static func promises(_ file: SourceFile) -> [Breach] {
    let text = file.swift
    let lines = file.lines
    return unsafe.flatMap { text.occurrences(of: $0) }.compactMap { offset in
      let line = text.line(at: offset)
      guard unsafeModules.contains(file.module) else {
        return file.breach(line, "the compiler cannot check this, and \(file.module) has no need of it")
      }
      let near = lines[max(0, line - 5)..<line]
      return near.contains { $0.contains("//") && !$0.contains("SPDX") }
        ? nil : file.breach(line, "needs a sentence why")
    }
  }

  private static func forced(_ file: SourceFile) -> [Breach] {
    let text = file.swift
    let closers = Set(")]}?".utf8)
    return text.occurrences(of: "!").filter { offset in
      guard offset > 0 else { return false }
      let before = text.code[offset - 1]
      let after = offset + 1 < text.code.count ? text.code[offset + 1] : UInt8(ascii: "\n")
      return (SwiftText.isNameByte(before) || closers.contains(before)) && after != UInt8(ascii: "=")
    }
    .map { file.breach(text.line(at: $0), "this ends the process when it does not hold") }
  }

  private static func logged(_ file: SourceFile) -> [Breach] {
    let text = file.swift
    let levels: Set<String> = [
      "trace", "debug", "info", "notice", "warning", "error", "critical",
    ]
    return text.literals.filter(\.isInterpolated).filter { literal in
      guard text.before(literal.offset) == UInt8(ascii: "("),
        let parenthesis = text.code[..<literal.offset].lastIndex(of: UInt8(ascii: "("))
      else { return false }
      let word = text.word(before: parenthesis)
      let start = parenthesis - word.utf8.count - 1
      return levels.contains(word) && start >= 0 && text.code[start] == UInt8(ascii: ".")
    }
    .map { file.breach(text.line(at: $0.offset), "what varies belongs into the metadata") }
  }
}
