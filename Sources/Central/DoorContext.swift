// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import NIOCore

/// What is known of a request beside itself.
struct DoorContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel
  /// The terminal at the other end; only at the terminals' door.
  var peer: Peer?

  init(source: Source) {
    coreContext = .init(source: source)
    channel = source.channel
  }

  /// Whose attempts are counted: the other end of the connection, or whom a front proxy
  /// names that is believed. Proxies append, so the last that is no proxy counts. Nil for
  /// this machine itself: behind a proxy that nobody declared stand all residents, and one
  /// who guesses would rest them all.
  func address(of request: Request, behind proxies: Set<String>) -> String? {
    guard let near = channel.remoteAddress?.ipAddress else { return nil }
    guard proxies.contains(near) else { return Self.isThisMachine(near) ? nil : near }
    let named = request.headers.values(named: "x-forwarded-for").flatMap { $0.split(separator: ",") }
      .map { String($0.filter { !$0.isWhitespace }) }
    return named.last { !proxies.contains($0) }
  }

  private static func isThisMachine(_ address: String) -> Bool {
    address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
  }
}
