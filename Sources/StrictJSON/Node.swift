// SPDX-License-Identifier: Apache-2.0

/// A value of the document and where it begins.
struct Node {
  enum Value {
    case null
    case flag(Bool)
    /// The characters as written, so that whole numbers stay exact.
    case number(String)
    case text(String)
    case array([Node])
    case object(Members)
  }

  var offset: Int
  var value: Value

  /// The value one step further down, if there is one.
  func child(_ key: any CodingKey) -> Node? {
    switch value {
    case .array(let nodes):
      key.intValue.flatMap { nodes.indices.contains($0) ? nodes[$0] : nil }
    case .object(let members): members[key.stringValue]?.node
    default: nil
    }
  }
}

/// The members of an object in their order, found by key in constant time.
struct Members {
  struct Member {
    var key: String
    var offset: Int
    var node: Node
  }

  private(set) var all: [Member] = []
  /// Kept only for large objects; a short list is searched faster than hashed.
  private var index: [String: Int] = [:]
  private static let shortest = 12

  subscript(key: String) -> Member? {
    if all.count > Self.shortest { return index[key].map { all[$0] } }
    return all.first { $0.key == key }
  }

  mutating func append(_ member: Member) {
    all.append(member)
    if all.count == Self.shortest + 1 {
      for (position, earlier) in all.enumerated() { index[earlier.key] = position }
    } else if all.count > Self.shortest {
      index[member.key] = all.count - 1
    }
  }
}
