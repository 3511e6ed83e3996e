// SPDX-License-Identifier: Apache-2.0

import Testing

private let everyRule = ShapeRules.rules + Layers.rules + CallRules.rules

@Suite struct HouseRulesTests {
  @Test("each rule catches its bad example", arguments: everyRule)
  func bites(rule: HouseRule) {
    #expect(!rule.breaches(rule.bad).isEmpty)
  }

  @Test("the tree keeps each rule", arguments: everyRule)
  func kept(rule: HouseRule) throws {
    let tree = try SourceTree.read.get()
    try #require(tree.sources.count > 20, "the tree was not found")
    let files = tree.sources + (rule.holdsForTests ? tree.tests : [])
    for breach in files.flatMap(rule.breaches) { Issue.record("\(breach)") }
  }

  @Test("every target of the manifest is in a layer")
  func layers() throws {
    let manifest = try SourceTree.read.get().manifest.swift
    let named = ["room", "command"].flatMap { word in
      manifest.literals.filter { literal in
        manifest.before(literal.offset) == UInt8(ascii: "(")
          && manifest.code[..<literal.offset].lastIndex(of: UInt8(ascii: "(")).map {
            manifest.word(before: $0) == word
          } ?? false
      }
    }
    try #require(named.count > 15)
    for literal in named {
      #expect(Layers.of[literal.text] != nil, "\(literal.text) is in no layer")
    }
  }
}

@Suite struct WordsRulesTests {
  @Test("the words are whole in both languages")
  func words() throws {
    let tree = try SourceTree.read.get()
    try #require(!tree.words.isEmpty)
    for breach in WordsRules.breaches(inFiles: tree.words) { Issue.record("\(breach)") }
  }

  @Test("every key that the sources ask for is there")
  func keys() throws {
    let tree = try SourceTree.read.get()
    let keys = try tree.wordKeys()
    for breach in tree.sources.flatMap({ WordsRules.breaches(in: $0, keys: keys) }) {
      Issue.record("\(breach)")
    }
  }

  @Test("every problem has one declaration and both sentences")
  func problems() throws {
    let tree = try SourceTree.read.get()
    let breaches = WordsRules.problemBreaches(in: tree.sources, keys: try tree.wordKeys())
    for breach in breaches { Issue.record("\(breach)") }
  }

  @Test(
    "a hole in the words is caught",
    arguments: [
      #"{"a": {"zh": "", "en": "b"}}"#, #"{"a": {"zh": "b", "en": " "}}"#,
      #"{"a": {"zh": "{b}", "en": "{c}"}}"#, #"{"a": {"zh": "b"}}"#,
      #"{"a": {"zh": "b", "en": "b"}, "a": {"zh": "b", "en": "b"}}"#,
      #"{"a": {"zh": "b", "en": "b", "fr": "b"}}"#,
    ])
  func hole(json: String) {
    let file = SourceFile(path: "Kiosk/Words/a.json", text: json)
    #expect(WordsRules.breaches(inFiles: [file]).count == 1)
  }

  @Test("a key in two files is caught")
  func twoFiles() {
    let text = #"{"a": {"zh": "b", "en": "b"}}"#
    let files = ["a", "b"].map { SourceFile(path: "Kiosk/Words/\($0).json", text: text) }
    #expect(WordsRules.breaches(inFiles: files).map(\.path) == ["Kiosk/Words/b.json"])
  }

  @Test("a key that nobody wrote is caught, also as the beginning of one")
  func missingKeys() {
    let text = """
      let a = words("slip.there", language) + words("slip.gone", language)
      let b = self("slip.th\\(c)") + self("slap.\\(c)") + fact("paper", "slip.none")
      let c = "slip.the" + d, e = "slip.there is a sentence", f = "file.json"
      """
    let file = SourceFile(path: "Sources/Paper/A.swift", text: text)
    let breaches = WordsRules.breaches(in: file, keys: ["slip.there"])
    #expect(
      breaches.map(\.sentence) == [
        "no words for slip.gone", "no words for slap.", "no words for slip.none",
      ])
  }

  @Test("a problem without sentences, or declared twice, is caught")
  func badProblems() {
    let text = """
      static let a = Problem(code: "reader.silent", severity: .wrong)
      static let b = Problem(code: "reader.silent", severity: .wrong)
      """
    let file = SourceFile(path: "Devices/CardReaders/Driver/A.swift", text: text)
    let keys: Set<String> = ["problem.reader.silent.resident"]
    let sentences = WordsRules.problemBreaches(in: [file], keys: keys).map(\.sentence)
    #expect(
      sentences == [
        "no words for problem.reader.silent.staff", "no words for problem.reader.silent.staff",
        "reader.silent is declared twice",
      ])
  }
}

@Suite struct SwiftTextTests {
  @Test("comments and the text of literals are no code")
  func blanked() {
    let text = SwiftText(
      """
      let a = "print(" // print(
      /* print( /* print( */ print( */ let b = #"print(\\(1)"#
      """)
    #expect(text.occurrences(of: "print(").isEmpty)
    #expect(text.occurrences(of: "let").count == 2)
    #expect(text.literals.map(\.text) == ["print(", "print(\\(1)"])
  }

  @Test("an interpolation is code, with literals of its own")
  func interpolation() {
    let text = SwiftText(#"let a = "x\(f("y", (1)))z" + """# + "\"\n \"print(\" \n\"\"\"")
    #expect(text.literals.map(\.text) == ["x", "y", "\n \"print(\" \n"])
    #expect(text.literals.map(\.isInterpolated) == [true, false, false])
    #expect(text.occurrences(of: "f(").count == 1)
    #expect(text.occurrences(of: "print(").isEmpty)
  }

  @Test("what only looks like a breach is none")
  func harmless() {
    let text = """
      // SPDX-License-Identifier: Apache-2.0
      import Records
      func print(_ a: Int) {}
      let a = printer.print(slip), b = !c, d = e != f, g = "Date()", h = myDate()
      group.addTask { await run() }
      func i(_ tasks: [Task<Void, Never>]) -> Task<Void, Never> { tasks[0] }
      logger.info("card read", metadata: ["count": "\\(count)"])
      """
    let file = SourceFile(path: "Sources/Paper/A.swift", text: text + "\n")
    for rule in everyRule {
      let breaches = rule.breaches(file)
      #expect(breaches.isEmpty, "\(rule.name): \(breaches)")
    }
  }
}
