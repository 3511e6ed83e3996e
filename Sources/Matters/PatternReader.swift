// SPDX-License-Identifier: Apache-2.0

/// Reads the text of a pattern into its tree.
struct PatternReader {
  private static let signs = Set("^$.|()[]{}*+?\\-/".unicodeScalars)
  private static let mostRepeats = 1000
  private static let deepestGroup = 8
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private func fault(_ sentence: String) -> Pattern.Fault {
    Pattern.Fault(position: position, sentence: sentence)
  }

  mutating func whole() throws(Pattern.Fault) -> PatternPiece {
    guard next == "^" else { throw fault("a pattern begins with ^") }
    position += 1
    let piece = try sequence()
    guard next == "$", position == scalars.count - 1 else {
      throw fault("a pattern ends with $, and | stands in groups only")
    }
    return piece
  }

  private mutating func sequence() throws(Pattern.Fault) -> PatternPiece {
    var pieces: [PatternPiece] = []
    while let sign = next, sign != "$", sign != "|", sign != ")" {
      pieces.append(try times(try atom(sign)))
    }
    return .sequence(pieces)
  }

  private mutating func atom(_ sign: Unicode.Scalar) throws(Pattern.Fault) -> PatternPiece {
    switch sign {
    case "(": return try group()
    case "[": return .scalar(try classRanges())
    case "\\": return .scalar([single(try escaped())])
    case _ where Self.signs.contains(sign) && sign != "-" && sign != "/":
      throw fault("\(sign) has no meaning here; write \\\(sign) for the sign itself")
    default:
      position += 1
      return .scalar([single(sign)])
    }
  }

  private func single(_ scalar: Unicode.Scalar) -> ClosedRange<UInt32> {
    scalar.value...scalar.value
  }

  /// `\` and a sign: the sign itself. Letters such as `\d` mean something else elsewhere.
  private mutating func escaped() throws(Pattern.Fault) -> Unicode.Scalar {
    position += 1
    guard let sign = next, Self.signs.contains(sign) else {
      throw fault("\\ stands only before a sign")
    }
    position += 1
    return sign
  }

  private mutating func group() throws(Pattern.Fault) -> PatternPiece {
    guard depth < Self.deepestGroup else { throw fault("groups are nested too deeply") }
    depth += 1
    position += 1
    var choices = [try sequence()]
    while next == "|" {
      position += 1
      choices.append(try sequence())
    }
    guard next == ")" else { throw fault("the group is not closed") }
    position += 1
    depth -= 1
    return .choice(choices)
  }

  private mutating func classRanges() throws(Pattern.Fault) -> [ClosedRange<UInt32>] {
    position += 1
    guard next != "^" else { throw fault("a class that excludes is not known") }
    var ranges: [ClosedRange<UInt32>] = []
    while let sign = next, sign != "]" {
      let low = try classScalar(sign)
      var high = low
      if next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
        position += 1
        high = try classScalar(scalars[position])
      }
      guard low <= high else { throw fault("the range runs backwards") }
      ranges.append(low.value...high.value)
    }
    guard next == "]", !ranges.isEmpty else { throw fault("the class is empty or not closed") }
    position += 1
    return ranges
  }

  private mutating func classScalar(_ sign: Unicode.Scalar) throws(Pattern.Fault) -> Unicode.Scalar {
    guard sign != "[" else { throw fault("[ in a class is written \\[") }
    if sign == "\\" { return try escaped() }
    position += 1
    return sign
  }

  private mutating func times(_ piece: PatternPiece) throws(Pattern.Fault) -> PatternPiece {
    let repeated: PatternPiece
    switch next {
    case "?": repeated = .times(piece, least: 0, most: 1)
    case "*": repeated = .times(piece, least: 0, most: nil)
    case "+": repeated = .times(piece, least: 1, most: nil)
    case "{": return try counted(piece)
    default: return piece
    }
    position += 1
    return repeated
  }

  private mutating func counted(_ piece: PatternPiece) throws(Pattern.Fault) -> PatternPiece {
    position += 1
    let least = try count()
    var most = least
    if next == "," {
      position += 1
      most = try count()
    }
    guard next == "}", least <= most else { throw fault("a count is {n} or {n,m}, n not above m") }
    position += 1
    return .times(piece, least: least, most: most)
  }

  private mutating func count() throws(Pattern.Fault) -> Int {
    var digits = ""
    while let sign = next, ("0"..."9").contains(sign) {
      digits.unicodeScalars.append(sign)
      position += 1
    }
    guard let count = Int(digits), count <= Self.mostRepeats else {
      throw fault("a count is a number up to \(Self.mostRepeats)")
    }
    return count
  }
}
