// SPDX-License-Identifier: Apache-2.0

import Glibc
import Hummingbird
import NIOCore

/// Why the centre does not serve.
public enum ServeFault: Error, Hashable, Sendable {
  case portTaken
  case failed(String)
}

extension Centre {
  /// The web server of the centre, on the loopback address only. `listening` is told the
  /// port once; 0 asks for any free one.
  public func application(
    port: Int, listening: @escaping @Sendable (Int) -> Void
  ) -> some ApplicationProtocol {
    Application(
      router: CentreRoutes(centre: self).router,
      configuration: .init(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in listening(channel.localAddress?.port ?? port) },
      logger: logger)
  }

  /// Serves until the process is told to end (SIGTERM, SIGINT); requests in progress are
  /// answered first.
  public func serve(
    port: Int, listening: @escaping @Sendable (Int) -> Void
  ) async throws(ServeFault) {
    do {
      try await application(port: port, listening: listening).runService()
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw .portTaken
    } catch {
      throw .failed("\(error)")
    }
  }
}
