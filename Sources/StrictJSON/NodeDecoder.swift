// SPDX-License-Identifier: Apache-2.0

/// Gives a node of the tree to the types that want to be made of it.
struct NodeDecoder: Decoder {
  let node: Node
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = node.value else { throw misfit(.wrongType) }
    for member in members.all where Key(stringValue: member.key) == nil {
      let steps = steps + [.key(member.key)]
      throw Misfit(path: steps, offset: member.offset, reason: .unknownKey)
    }
    return KeyedDecodingContainer(KeyedNodes<Key>(members: members, decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let nodes) = node.value else { throw misfit(.wrongType) }
    return UnkeyedNodes(nodes: nodes, decoder: self)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  func child(_ node: Node, _ key: any CodingKey) -> NodeDecoder {
    NodeDecoder(node: node, codingPath: codingPath + [key])
  }

  var steps: [PlaceStep] { codingPath.map(Self.step) }

  func misfit(_ reason: JSONFault.Reason) -> Misfit {
    Misfit(path: steps, offset: node.offset, reason: reason)
  }

  private static func step(_ key: any CodingKey) -> PlaceStep {
    if let index = key as? IndexKey { return .index(index.index) }
    return .key(key.stringValue)
  }

  /// A value of `type`; what the type itself throws becomes a fault at its place.
  func unbox<T: Decodable>(_ type: T.Type) throws -> T {
    do {
      return try T(from: self)
    } catch let misfit as Misfit {
      throw misfit
    } catch let error as DecodingError {
      throw located(error)
    } catch {
      throw misfit(.invalidValue(String(describing: error)))
    }
  }

  private func located(_ error: DecodingError) -> Misfit {
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found),
      .keyNotFound(_, let found):
      context = found
    @unknown default: return misfit(.invalidValue(String(describing: error)))
    }
    var place = self
    for key in context.codingPath.dropFirst(codingPath.count) {
      guard let next = place.node.child(key) else { break }
      place = place.child(next, key)
    }
    return place.misfit(.invalidValue(context.debugDescription))
  }
}

/// A place in an array.
struct IndexKey: CodingKey {
  let index: Int

  init(_ index: Int) { self.index = index }
  init?(intValue: Int) { index = intValue }
  init?(stringValue: String) { nil }

  var intValue: Int? { index }
  var stringValue: String { String(index) }
}
