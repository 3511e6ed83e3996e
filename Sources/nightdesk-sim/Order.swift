// SPDX-License-Identifier: Apache-2.0

/// An order names at least one thing to do; anything else is a mistake of the caller.
protocol Order: Decodable {
  /// The keys it understands.
  static var keys: Set<String> { get }
  func carryOut(_ bench: Bench) throws
}

struct BadOrder: Error {
  let sentence: String
}

/// Nil for nil; a word that means nothing is a mistake.
func known<Value>(_ word: String?, _ meaning: (String) -> Value?) throws -> Value? {
  guard let word else { return nil }
  guard let value = meaning(word) else { throw BadOrder(sentence: "unknown word: \(word)") }
  return value
}
