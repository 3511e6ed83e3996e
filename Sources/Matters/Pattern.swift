// SPDX-License-Identifier: Apache-2.0

/// A pattern of the catalogue, matched in time linear in the text whatever the pattern.
///
/// The grammar is small on purpose: `^…$` around everything; literals; `\` before a sign;
/// classes `[A-Z0-9 .-]`; groups `(a|b)`; and `? * + {n} {n,m}`. It works on Unicode
/// scalars, so that characters outside the basic plane count as one. Anything else is refused.
public struct Pattern: Hashable, Sendable {
  /// Where a text stops fitting, so that a person can be told.
  public enum Outcome: Hashable, Sendable {
    case whole
    /// The scalar at this index (from 0) cannot stand there.
    case stops(at: Int)
    /// Right so far, but more must follow.
    case unfinished
  }

  /// What is wrong with a pattern, and at which of its scalars (from 0).
  public struct Fault: Error, Hashable, Sendable {
    public let position: Int
    public let sentence: String
  }

  enum Step: Hashable, Sendable {
    case scalar([ClosedRange<UInt32>])
    case split(Int, Int)
    case jump(Int)
    case end
  }

  private let steps: [Step]

  public init(_ text: String) throws(Fault) {
    var reader = PatternReader(text)
    var program = PatternProgram()
    try program.add(try reader.whole())
    steps = program.steps + [.end]
  }

  public func match(_ text: String) -> Outcome {
    var states = Set<Int>()
    follow(0, into: &states)
    var index = 0
    for scalar in text.unicodeScalars {
      var next = Set<Int>()
      for state in states {
        if case .scalar(let ranges) = steps[state],
          ranges.contains(where: { $0.contains(scalar.value) })
        {
          follow(state + 1, into: &next)
        }
      }
      guard !next.isEmpty else { return .stops(at: index) }
      states = next
      index += 1
    }
    return states.contains(steps.count - 1) ? .whole : .unfinished
  }

  /// Adds `state` and all that is reached from it without reading a scalar.
  private func follow(_ state: Int, into states: inout Set<Int>) {
    var open = [state]
    while let state = open.popLast() {
      guard states.insert(state).inserted else { continue }
      switch steps[state] {
      case .jump(let target): open.append(target)
      case .split(let left, let right): open += [left, right]
      case .scalar, .end: break
      }
    }
  }
}

/// A pattern as a tree.
indirect enum PatternPiece {
  case scalar([ClosedRange<UInt32>])
  case sequence([PatternPiece])
  case choice([PatternPiece])
  /// `most` nil: without end.
  case times(PatternPiece, least: Int, most: Int?)
}

/// Turns the tree into steps, and refuses patterns that would grow too large.
struct PatternProgram {
  private static let largest = 4000
  private(set) var steps: [Pattern.Step] = []

  mutating func add(_ piece: PatternPiece) throws(Pattern.Fault) {
    guard steps.count < Self.largest else {
      throw Pattern.Fault(position: 0, sentence: "the pattern repeats too much")
    }
    switch piece {
    case .scalar(let ranges): steps.append(.scalar(ranges))
    case .sequence(let pieces): for piece in pieces { try add(piece) }
    case .choice(let pieces): try addChoice(pieces[...])
    case .times(let piece, let least, let most):
      for _ in 0..<least { try add(piece) }
      guard let most else { return try addLoop(piece) }
      for _ in 0..<max(0, most - least) { try addChoice([piece, .sequence([])]) }
    }
  }

  private mutating func addChoice(_ pieces: ArraySlice<PatternPiece>) throws(Pattern.Fault) {
    guard let first = pieces.first else { return }
    guard pieces.count > 1 else { return try add(first) }
    let split = steps.count
    steps.append(.end)
    try add(first)
    let jump = steps.count
    steps.append(.end)
    steps[split] = .split(split + 1, steps.count)
    try addChoice(pieces.dropFirst())
    steps[jump] = .jump(steps.count)
  }

  private mutating func addLoop(_ piece: PatternPiece) throws(Pattern.Fault) {
    let split = steps.count
    steps.append(.end)
    try add(piece)
    steps.append(.jump(split))
    steps[split] = .split(split + 1, steps.count)
  }
}
