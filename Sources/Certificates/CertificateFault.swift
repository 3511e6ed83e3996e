// SPDX-License-Identifier: Apache-2.0

/// Why a certificate or a key was not made or not read.
public enum CertificateFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text is no PEM of that kind; says what was looked for.
  case malformed(String)
  /// The request is not signed with the key that it names.
  case notProven
  /// The cryptographic library refused.
  case refused(String)

  public var description: String {
    switch self {
    case .malformed(let what): "this is no \(what)"
    case .notProven: "the request was not signed with its own key"
    case .refused(let why): why
    }
  }

  /// Runs `body`; whatever it throws that is no fault of ours becomes `malformed(what)`.
  static func reading<Value>(_ what: String, _ body: () throws -> Value) throws(CertificateFault) -> Value {
    do {
      return try body()
    } catch let fault as CertificateFault {
      throw fault
    } catch {
      throw .malformed(what)
    }
  }
}
