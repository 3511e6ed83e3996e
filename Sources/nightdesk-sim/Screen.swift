// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulators

/// The resident's screen, as the bench page shows it in a frame.
struct Screen: Sendable {
  struct Address: Encodable, Sendable {
    /// Nil while nobody answers there.
    var url: String?
  }

  let origin: Loopback
  let tokenFile: String?

  /// The token is read each time: it is made anew at each boot of the terminal.
  var address: Address {
    guard LoopbackSocket.answers(on: origin.port) else { return Address(url: nil) }
    let token = tokenFile.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) } ?? ""
    let trimmed = token.trimmingCharacters(in: .whitespacesAndNewlines)
    return Address(url: origin.origins[0] + "/" + (trimmed.isEmpty ? "" : "#" + trimmed))
  }
}
