// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Certificates
import Hummingbird
import NIOSSL
import Records
import Synchronization

/// The terminal at the other end of a connection.
public struct Peer: Hashable, Sendable {
  public var terminal: String
  /// SHA-256 of its certificate, hexadecimal.
  public var fingerprint: String
  public var notAfter: Timestamp
}

/// Certificates that were looked up, so that a thousand terminals which come back at once do
/// not queue on the store. Emptied when one is revoked.
final class KnownPeers: Sendable {
  private struct Known {
    var peers: [String: Peer] = [:]
    var emptied = 0
  }

  private static let most = 20_000
  private let known = Mutex(Known())

  func peer(_ fingerprint: String) -> Peer? { known.withLock { $0.peers[fingerprint] } }

  /// How often it was emptied: to be read before the store is.
  var emptied: Int { known.withLock { $0.emptied } }

  /// Nothing when it was emptied since: what the store said may be from before a revocation.
  func keep(_ peer: Peer, since emptied: Int) {
    known.withLock { known in
      guard known.emptied == emptied else { return }
      if known.peers.count >= Self.most { known.peers = [:] }
      known.peers[peer.fingerprint] = peer
    }
  }

  func forget() {
    known.withLock { known in
      known.peers = [:]
      known.emptied += 1
    }
  }
}

extension Centre {
  /// Who shows the certificate with these bytes. TLS has seen that it is of our authority;
  /// whether it still counts is asked for each request, since a resumed session or an open
  /// connection may outlive it.
  func peer(certificate der: [UInt8]) async throws -> Peer {
    let shown: PeerCertificate
    do throws(CertificateFault) {
      shown = try PeerCertificate(der: der)
    } catch {
      throw ProblemDetails.terminalUnknown
    }
    return try await peer(fingerprint: shown.fingerprint)
  }

  /// Whose certificate that is, if it still counts.
  func peer(fingerprint: String) async throws -> Peer {
    let peer = try await known(fingerprint)
    guard clock.now().at < peer.notAfter else { throw ProblemDetails.terminalUnknown }
    return peer
  }

  private func known(_ fingerprint: String) async throws -> Peer {
    if let peer = peers.peer(fingerprint) { return peer }
    let emptied = peers.emptied
    guard let issued = try await store.certificate(fingerprint: fingerprint), issued.revokedAt == nil
    else { throw ProblemDetails.terminalUnknown }
    let peer = Peer(
      terminal: issued.terminal, fingerprint: fingerprint, notAfter: issued.notAfter)
    peers.keep(peer, since: emptied)
    return peer
  }
}

/// Lets terminals in that we know.
struct PeerMiddleware: RouterMiddleware {
  let centre: Centre

  @concurrent func handle(
    _ request: Request, context: DoorContext,
    next: @concurrent (Request, DoorContext) async throws -> Response
  ) async throws -> Response {
    // Alive is alive, whoever asks.
    if request.uri.path == "/healthz" { return try await next(request, context) }
    guard let certificate = try await context.channel.nioSSL_peerCertificate().get() else {
      throw ProblemDetails.terminalUnknown
    }
    var context = context
    let peer = try await centre.peer(certificate: try certificate.toDERBytes())
    centre.store.seen(peer.terminal, at: centre.clock.now().at)
    context.peer = peer
    return try await next(request, context)
  }
}
