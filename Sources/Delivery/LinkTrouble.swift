// SPDX-License-Identifier: Apache-2.0

/// Why the centre did not answer a question as it should. None of them says anything about
/// what was asked; whoever asked asks again later.
public enum LinkTrouble: Error, Hashable, Sendable {
  /// No answer at all, or none in time.
  case unreachable
  /// Whoever answers there is not the centre: its certificate is of another authority, over its
  /// time or for another name, or it speaks no TLS 1.3. Nothing was sent to it.
  case notTrusted
  /// The centre does not know this terminal, or does not take its certificate.
  case unknownTerminal
  /// Busy, broken, or something before the centre that answers for it; with the pause it asks for.
  case later(seconds: Int?)
  /// The centre has nothing of that name.
  case missing
  /// An answer of another kind than any we know.
  case notUnderstood

  /// What a status says when it comes without what was asked for.
  init(status: Int, retryAfter: Int?) {
    switch status {
    case 401, 403, 407, 421: self = .unknownTerminal
    case 404, 410: self = .missing
    case 408, 425, 429, 500...599: self = .later(seconds: retryAfter)
    // A captive portal says 200 or sends elsewhere.
    case 200...399: self = .later(seconds: nil)
    default: self = .notUnderstood
    }
  }
}
