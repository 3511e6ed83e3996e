// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Certificates
import Foundation
import NIOSSL
import Records
import Upkeep
import Wire

struct Enrol: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes this terminal's keys and hands their public halves to the centre.",
    discussion: """
      The ticket from `centrald enrolment new` is read from standard input. It names the
      centre's certificate authority, so that no other end is believed.
      Example: kioskctl enrol --centre https://centre.example:8443 < ticket
      """)

  @OptionGroup var common: Common

  @Option(help: "Address of the centre's enrolment door, https://HOST:PORT.")
  var centre: String

  private struct Enrolled: Encodable {
    var terminal: String
    var area: String
    var allotment: String
    var certificateUntil: Timestamp
  }

  func validate() throws {
    guard centre.hasPrefix("https://") else { throw ValidationError("--centre begins with https://") }
  }

  func run() async throws {
    let folders = try Files.start(common.profile).folders
    guard !FileManager.default.fileExists(atPath: folders.identity) else {
      throw Refusal("\(folders.identity) exists: this terminal is enrolled; move it aside to enrol anew")
    }
    guard let line = readLine(), let ticket = EnrolmentTicket(line) else {
      throw Refusal("the ticket, eight groups of four characters, is read from standard input")
    }
    // On the disk before the centre hears of them: it answers the same ticket and keys again,
    // so that a reply lost on the way does not spend the ticket.
    let keys = try TerminalKeys(folders)
    let door = EnrolmentDoor(centre: centre)
    let authority = try await door.authority(of: ticket)
    let reply = try await door.enrol(
      EnrolmentRequest(
        code: ticket.code, publicKey: keys.signer.publicKey,
        certificateRequest: try keys.tls.request(named: "terminal")), authority: authority)
    let certificate = try keys.accept(reply)
    try Files.writeSecret(Array(reply.certificate.utf8), to: folders.tlsCertificate)
    // Last: from here on the terminal is enrolled.
    try Files.writeSecret(Canonical.encode(reply.identity), to: folders.identity)
    try say(reply.identity, certificate)
  }

  private func say(_ identity: TerminalIdentity, _ certificate: PeerCertificate) throws {
    if common.json {
      try Output.line(
        Enrolled(
          terminal: identity.terminal, area: identity.area, allotment: identity.allotment.text,
          certificateUntil: certificate.notAfter))
    } else {
      print("\(identity.terminal) \(identity.area) \(identity.allotment.text)")
    }
  }
}

/// The keys that never leave the terminal: made once, found again when an enrolment is tried
/// again.
struct TerminalKeys {
  let signer: TerminalSigner
  let tls: CertificateKey

  init(_ folders: StartFile.Folders) throws {
    let folder = (folders.terminalKey as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Files.sync(nameOf: folder)
    signer =
      try Self.kept(folders.terminalKey) { try TerminalSigner(privateKey: $0) }
      ?? {
        let made = TerminalSigner.generated()
        try Files.writeSecret(made.privateKey, to: folders.terminalKey)
        return made
      }()
    tls =
      try Self.kept(folders.tlsKey) { try CertificateKey(pem: String(decoding: $0, as: UTF8.self)) }
      ?? {
        let made = CertificateKey.generated()
        try Files.writeSecret(Array(made.pem.utf8), to: folders.tlsKey)
        return made
      }()
  }

  private static func kept<Key>(_ path: String, _ read: ([UInt8]) throws -> Key) throws -> Key? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let bytes = try Files.bytes(path)
    do {
      return try read(bytes)
    } catch {
      throw Refusal("\(path) is no key; move it aside to make a new one")
    }
  }

  /// The certificate, once it is one for our key and by an authority that came with it.
  func accept(_ reply: EnrolmentReply) throws -> PeerCertificate {
    do {
      let certificate = try PeerCertificate(pem: reply.certificate)
      guard certificate.name == reply.identity.terminal else {
        throw Refusal("the centre's certificate is in the name of \(certificate.name)")
      }
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.trustRoots = .certificates(
        try NIOSSLCertificate.fromPEMBytes(Array(reply.identity.authority.utf8)))
      configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(reply.certificate.utf8))
        .map { .certificate($0) }
      configuration.privateKey = .privateKey(
        try NIOSSLPrivateKey(bytes: Array(tls.pem.utf8), format: .pem))
      // Throws when the certificate is for another key.
      _ = try NIOSSLContext(configuration: configuration)
      return certificate
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal("the centre's answer does not fit this terminal's keys: \(error)")
    }
  }
}
