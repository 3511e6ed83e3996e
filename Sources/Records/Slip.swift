// SPDX-License-Identifier: Apache-2.0

/// A slip as a plain description of blocks, top to bottom, in finished sentences. What it
/// looks like is the printer's business.
public struct Slip: Hashable, Sendable {
  public var blocks: [SlipBlock]

  public init(blocks: [SlipBlock]) { self.blocks = blocks }
}

public enum SlipBlock: Hashable, Sendable {
  /// Site lines, centred: a small line, the official name in bold, a small line.
  case site(above: String, name: String, below: String)
  /// The title, and under it the state in a word.
  case title(String, state: String)
  case rule(dashed: Bool)
  /// The number, as lines that may each be set large.
  case number(caption: String, lines: [String])
  case claim(caption: String, code: String)
  case facts([SlipFact])
  /// One sentence in a frame.
  case boxed(String)
  /// Numbered sentences, from 1.
  case numbered([String])
  /// QR codes side by side, the first the largest.
  case codes([SlipCode])
  /// A centred last line.
  case closing(String)
}

public struct SlipFact: Hashable, Sendable {
  public var term: String
  public var text: String

  public init(term: String, text: String) {
    self.term = term
    self.text = text
  }
}

public struct SlipCode: Hashable, Sendable {
  /// What a phone reads.
  public var payload: String
  public var caption: String

  public init(payload: String, caption: String) {
    self.payload = payload
    self.caption = caption
  }
}

/// How a printing ended. Never an error: each leads to another sentence on the screen.
public enum SlipOutcome: Hashable, Sendable {
  /// The printer answered after the cut.
  case printed
  /// No byte of it is on paper.
  case notPrinted(SlipTrouble)
  /// Some of it may be on paper; nobody can say.
  case unknown(SlipTrouble)
}

public enum SlipTrouble: String, Hashable, Sendable, Codable {
  case outOfPaper, coverOpen, cutter, offline, overheated
  /// The print system did not take the job or lost it.
  case spooler
  /// The visit ended or its patience ran out.
  case cancelled
  case silent
}
