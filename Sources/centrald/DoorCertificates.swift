// SPDX-License-Identifier: Apache-2.0

import Central
import Certificates
import Logging
import NIOSSL
import Synchronization

/// What the doors show, from four files; replaced while the centre serves when they are.
final class DoorCertificates: Sendable {
  private static let files: [DataFolder.File] = [.server, .serverKey, .authority, .authorityKey]

  let terminals: Swappable<NIOSSLContext>
  let enrolment: Swappable<NIOSSLContext>
  let server: Swappable<PeerCertificate>
  let authority: Swappable<CertificateAuthority>
  private let seen: Mutex<[String]>
  private let path: @Sendable (DataFolder.File) -> String

  private struct Made {
    var terminals: NIOSSLContext
    var enrolment: NIOSSLContext
    var server: PeerCertificate
    var authority: CertificateAuthority
  }

  init(_ folder: DataFolder) throws {
    let paths = Dictionary(Self.files.map { ($0, folder.path($0)) }) { first, _ in first }
    path = { paths[$0] ?? "" }
    let texts = try Self.files.map { try folder.text($0) }
    let made = try Self.make(texts)
    terminals = Swappable(made.terminals)
    enrolment = Swappable(made.enrolment)
    server = Swappable(made.server)
    authority = Swappable(made.authority)
    seen = Mutex(texts)
  }

  private static func make(_ texts: [String]) throws -> Made {
    let authority = try CertificateAuthority(certificate: texts[2], privateKey: texts[3])
    let own = try CertificateKey(pem: texts[3])
    let trial = try authority.certify(server: own, names: ["trial"], term: .now(days: 1))
    // What another key certified nobody would believe.
    guard try publicKey(trial) == publicKey(texts[2]) else {
      throw Refusal("authority.key is not the key of authority.pem")
    }
    return Made(
      terminals: try DoorTLS.context(
        certificate: texts[0], privateKey: texts[1], authority: texts[2]),
      enrolment: try DoorTLS.context(certificate: texts[0], privateKey: texts[1], authority: nil),
      server: try PeerCertificate(pem: texts[0]),
      authority: authority)
  }

  /// Of the first certificate in `pem`.
  private static func publicKey(_ pem: String) throws -> [UInt8]? {
    try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)).first?.extractPublicKey().toSPKIBytes()
  }

  /// Takes what is new. What does not fit together is not taken: the doors go on with what
  /// they have, and look again.
  func look(_ logger: Logger) {
    guard let texts = try? Self.files.map({ String(decoding: try Files.read(path($0)), as: UTF8.self) }),
      seen.withLock({ $0.map(Self.trimmed) != texts.map(Self.trimmed) })
    else { return }
    do {
      let made = try Self.make(texts)
      terminals.replace(with: made.terminals)
      enrolment.replace(with: made.enrolment)
      server.replace(with: made.server)
      authority.replace(with: made.authority)
      seen.withLock { $0 = texts }
      logger.notice("certificates replaced", metadata: ["serial": "\(made.server.serial)"])
    } catch {
      logger.warning("certificates do not fit together", metadata: ["error": "\(error)"])
    }
  }

  private static func trimmed(_ text: String) -> Substring {
    text[...].drop { $0.isWhitespace }.dropTrailing()
  }
}

extension Substring {
  fileprivate func dropTrailing() -> Substring {
    guard let last = lastIndex(where: { !$0.isWhitespace }) else { return self[startIndex..<startIndex] }
    return self[...last]
  }
}
