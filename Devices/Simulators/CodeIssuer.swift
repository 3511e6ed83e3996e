// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// An issuer of signed codes for tests and benches, as a city's app is one: it draws a code
/// for a person's telephone and knows afterwards whose it was. Writes the text by itself on
/// purpose; one shared with the reader of such codes would hide its faults.
public final class CodeIssuer: Sendable {
  /// Invented.
  public struct Person: Hashable, Sendable {
    public var name: String
    public var idNumber: String

    public init(name: String, idNumber: String) {
      self.name = name
      self.idNumber = idNumber
    }
  }

  public let name: String
  private let sign: @Sendable ([UInt8]) -> [UInt8]
  private let id: @Sendable () -> [UInt8]
  private let register = Mutex<[[UInt8]: Person]>([:])

  /// - Parameters:
  ///   - name: 1…16 capital letters and digits.
  ///   - id: 16 bytes of chance.
  ///   - sign: 64 bytes, Ed25519.
  public init(
    name: String, id: @escaping @Sendable () -> [UInt8],
    sign: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) {
    self.name = name
    self.id = id
    self.sign = sign
  }

  /// The text of a new code.
  public func code(for person: Person, atSeconds seconds: Int64) -> String {
    let id = id()
    register.withLock { $0[id] = person }
    let body = "NDID1:\(name):\(seconds):\(Self.digits(id))"
    return body + ":" + Self.digits(sign(Array(body.utf8)))
  }

  /// Who holds the code with this id; nil for one that was never issued.
  public func person(ofID id: [UInt8]) -> Person? { register.withLock { $0[id] } }

  private static func digits(_ bytes: [UInt8]) -> String {
    Hexadecimal.text(bytes).filter { $0 != " " }
  }
}
