// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import NIOCore
import ServiceLifecycle

extension Centre {
  /// The web server of the centre, on the loopback address only. `listening` is told the
  /// port once; 0 asks for any free one.
  public func server(
    port: Int, listening: @escaping @Sendable (Int) -> Void
  ) -> any Service {
    Application(
      router: CentreRoutes(centre: self).router,
      // A client that falls silent within a request does not keep its connection.
      server: .http1(configuration: .init(idleTimeout: .seconds(30))),
      configuration: .init(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in listening(channel.localAddress?.port ?? port) },
      logger: logger)
  }
}
