// SPDX-License-Identifier: Apache-2.0

/// One trouble that a person must hear of, declared once by the module that knows it.
/// Screens, logs, `doctor` and the centre all speak its code.
public struct Problem: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable, Codable {
    /// Works, but somebody should look.
    case heed
    /// Does not work.
    case wrong
  }

  /// Lower-case words with dots, unique in the house: `reader.silent`.
  public let code: String
  public let severity: Severity

  public init(code: String, severity: Severity) {
    self.code = code
    self.severity = severity
  }

  /// Key in `Words` of the sentence for the resident.
  public var residentKey: String { "problem.\(code).resident" }
  /// Key in `Words` of the sentence for staff: what happened and what to do.
  public var staffKey: String { "problem.\(code).staff" }
}
