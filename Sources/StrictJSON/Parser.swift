// SPDX-License-Identifier: Apache-2.0

/// One pass from bytes to a tree of nodes.
struct Parser {
  let bytes: [UInt8]
  let depth: Int
  var position = 0
  /// Where in the document the parser stands.
  var path: [PlaceStep] = []

  static func parse(_ bytes: [UInt8], depth: Int) throws(Misfit) -> Node {
    var parser = Parser(bytes: bytes, depth: depth)
    parser.skipSpace()
    let root = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.misfit(.syntax) }
    return root
  }

  /// The byte at the position; nil at the end.
  var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  func misfit(_ reason: JSONFault.Reason, at offset: Int? = nil) -> Misfit {
    Misfit(path: path, offset: offset ?? position, reason: reason)
  }

  mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  mutating func value() throws(Misfit) -> Node {
    let offset = position
    switch byte {
    case UInt8(ascii: "{"): return Node(offset: offset, value: .object(try object()))
    case UInt8(ascii: "["): return Node(offset: offset, value: .array(try array()))
    case UInt8(ascii: "\""): return Node(offset: offset, value: .text(try string()))
    case UInt8(ascii: "t"):
      try word("true")
      return Node(offset: offset, value: .flag(true))
    case UInt8(ascii: "f"):
      try word("false")
      return Node(offset: offset, value: .flag(false))
    case UInt8(ascii: "n"):
      try word("null")
      return Node(offset: offset, value: .null)
    default: return Node(offset: offset, value: .number(try number()))
    }
  }

  private mutating func word(_ word: StaticString) throws(Misfit) {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count, bytes[position..<end].elementsEqual(word.description.utf8) else {
      throw misfit(.syntax)
    }
    position = end
  }

  private mutating func array() throws(Misfit) -> [Node] {
    try open()
    var nodes: [Node] = []
    guard !closes(UInt8(ascii: "]")) else { return [] }
    while true {
      path.append(.index(nodes.count))
      nodes.append(try value())
      path.removeLast()
      if try !continues(until: UInt8(ascii: "]")) { return nodes }
    }
  }

  private mutating func object() throws(Misfit) -> Members {
    try open()
    var members = Members()
    guard !closes(UInt8(ascii: "}")) else { return members }
    while true {
      members.append(try member(besides: members))
      if try !continues(until: UInt8(ascii: "}")) { return members }
    }
  }

  private mutating func member(besides others: Members) throws(Misfit) -> Members.Member {
    let offset = position
    guard byte == UInt8(ascii: "\"") else { throw misfit(.syntax) }
    let key = try string()
    path.append(.key(key))
    guard others[key] == nil else { throw misfit(.doubledKey, at: offset) }
    skipSpace()
    guard byte == UInt8(ascii: ":") else { throw misfit(.syntax) }
    position += 1
    skipSpace()
    let node = try value()
    path.removeLast()
    return Members.Member(key: key, offset: offset, node: node)
  }

  /// Past the opening bracket and the space behind it.
  private mutating func open() throws(Misfit) {
    guard path.count < depth else { throw misfit(.tooDeep) }
    position += 1
    skipSpace()
  }

  private mutating func closes(_ bracket: UInt8) -> Bool {
    guard byte == bracket else { return false }
    position += 1
    return true
  }

  /// Past a comma (true) or the closing bracket (false).
  private mutating func continues(until bracket: UInt8) throws(Misfit) -> Bool {
    skipSpace()
    if closes(bracket) { return false }
    guard byte == UInt8(ascii: ",") else { throw misfit(.syntax) }
    position += 1
    skipSpace()
    return true
  }
}
