// SPDX-License-Identifier: Apache-2.0

import Certificates
import NIOSSL
import Synchronization

/// With what a terminal shows the centre who it is, and by what it knows the centre: its
/// certificate chain and key, and the centre's authority, which is the only one it believes.
/// Certificate and authority can be replaced while connections are open; new connections use
/// the new ones.
public final class TerminalCredentials: Sendable {
  private struct State {
    var tls: TLSConfiguration
    var certificate: PeerCertificate
    var listeners: [Int: AsyncStream<Never>.Continuation] = [:]
    var count = 0
  }

  private let key: NIOSSLPrivateKey
  private let state: Mutex<State>

  /// - Parameters:
  ///   - certificate: chain, PEM, the terminal's own first.
  ///   - privateKey: PEM; secret.
  ///   - authority: PEM, one or more.
  public convenience init(
    certificate: String, privateKey: String, authority: String
  ) throws(CertificateFault) {
    guard let key = try? NIOSSLPrivateKey(bytes: Array(privateKey.utf8), format: .pem) else {
      throw .malformed("private key")
    }
    try self.init(certificate: certificate, key: key, authority: authority)
  }

  private init(certificate: String, key: NIOSSLPrivateKey, authority: String) throws(CertificateFault) {
    self.key = key
    state = Mutex(try Self.state(certificate, key, authority))
  }

  /// How a new connection is opened: TLS 1.3 and nothing older.
  public var tls: TLSConfiguration { state.withLock { $0.tls } }

  /// The one that is shown now.
  public var certificate: PeerCertificate { state.withLock { $0.certificate } }

  /// Shows and believes these from the next connection on. Throws, and changes nothing, when
  /// they cannot be read or are not for the terminal's key.
  public func replace(certificate: String, authority: String) throws(CertificateFault) {
    let new = try Self.state(certificate, key, authority)
    let listeners = state.withLock { state in
      defer { (state.tls, state.certificate) = (new.tls, new.certificate) }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }

  /// The same terminal with another certificate, to be tried.
  func with(certificate: String, authority: String) throws(CertificateFault) -> TerminalCredentials {
    try TerminalCredentials(certificate: certificate, key: key, authority: authority)
  }

  /// Ends when the credentials are replaced.
  func untilReplaced() -> AsyncStream<Never> {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    let number = state.withLock { state in
      state.count += 1
      state.listeners[state.count] = continuation
      return state.count
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { $0.listeners[number] = nil }
    }
    return stream
  }

  private static func state(
    _ certificate: String, _ key: NIOSSLPrivateKey, _ authority: String
  ) throws(CertificateFault) -> State {
    let chain = try certificates(certificate, "certificate")
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv13
    tls.trustRoots = .certificates(try certificates(authority, "authority"))
    tls.certificateChain = chain.map { .certificate($0) }
    tls.privateKey = .privateKey(key)
    do {
      // Throws when the key is not the certificate's.
      _ = try NIOSSLContext(configuration: tls)
    } catch {
      throw .refused("the certificate is not for this key")
    }
    return State(tls: tls, certificate: try PeerCertificate(pem: certificate))
  }

  private static func certificates(
    _ pem: String, _ what: String
  ) throws(CertificateFault) -> [NIOSSLCertificate] {
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)),
      !certificates.isEmpty
    else { throw .malformed(what) }
    return certificates
  }
}
