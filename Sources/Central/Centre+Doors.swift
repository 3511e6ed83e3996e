// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import Logging
import NIOSSL
import ServiceLifecycle

/// Where a door is.
public struct DoorPlace: Hashable, Sendable {
  public var host: String
  /// 0: any free one.
  public var port: Int

  public init(host: String = "127.0.0.1", port: Int) {
    self.host = host
    self.port = port
  }
}

extension Centre {
  /// Residents, clerks, watchers. `listening` is told the port once.
  public func publicDoor(
    at place: DoorPlace, listening: @escaping @Sendable (Int) -> Void
  ) -> any Service {
    door(PublicDoor(centre: self).responder(), at: place, tls: nil, listening: listening)
  }

  /// - Parameter tls: must demand a client certificate of our authority.
  public func terminalsDoor(
    at place: DoorPlace, tls: Swappable<NIOSSLContext>, listening: @escaping @Sendable (Int) -> Void
  ) -> any Service {
    door(TerminalsDoor(centre: self).responder(), at: place, tls: tls, listening: listening)
  }

  public func enrolmentDoor(
    at place: DoorPlace, tls: Swappable<NIOSSLContext>, listening: @escaping @Sendable (Int) -> Void
  ) -> any Service {
    door(EnrolmentDoor(centre: self).responder(), at: place, tls: tls, listening: listening)
  }

  private func door(
    _ responder: DoorResponder, at place: DoorPlace, tls: Swappable<NIOSSLContext>?,
    listening: @escaping @Sendable (Int) -> Void
  ) -> any Service {
    Application.door(
      responder, at: place, tls: tls, bodySeconds: bodySeconds, logger: logger, listening: listening)
  }
}

extension Application where Responder == DoorResponder {
  static func door(
    _ responder: DoorResponder, at place: DoorPlace, tls: Swappable<NIOSSLContext>?,
    bodySeconds: Int64, logger: Logger, listening: @escaping @Sendable (Int) -> Void
  ) -> some Service {
    Application(
      responder: responder,
      server: HTTPServerBuilder { respond in
        DoorChannel(responder: respond, tls: tls, bodySeconds: bodySeconds)
      },
      // A herd that comes back after a restart must find room to knock.
      configuration: .init(address: .hostname(place.host, port: place.port), backlog: 4096),
      onServerRunning: { channel in listening(channel.localAddress?.port ?? place.port) },
      logger: logger)
  }
}

/// What TLS demands at the two doors that have it.
public enum DoorTLS {
  /// - Parameters:
  ///   - certificate: the server's chain, PEM.
  ///   - authority: PEM; nil asks for no client certificate.
  public static func context(
    certificate: String, privateKey: String, authority: String?
  ) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
        .map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(privateKey.utf8), format: .pem)))
    configuration.minimumTLSVersion = .tlsv13
    // A peer that does not say goodbye does not keep the centre from ending.
    configuration.shutdownTimeout = .seconds(1)
    configuration.applicationProtocols = ["http/1.1"]
    if let authority {
      configuration.trustRoots = .certificates(
        try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
      // A client has no host name; that its certificate is ours is checked all the same.
      configuration.certificateVerification = .noHostnameVerification
    }
    return try NIOSSLContext(configuration: configuration)
  }
}
