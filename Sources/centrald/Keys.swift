// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Certificates
import Foundation
import Records
import Wire

struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The centre's own keys.", subcommands: [New.self])

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make all keys of a new centre; keys that are there are never overwritten.",
      discussion: """
        The key to contents and a copy of the clerks' token go into DIR/office, which only the
        back office reads: move it to another machine or user if you can.
        Example: centrald keys new --data /var/lib/nightdesk-centre --name centre.example.gov.cn
        """)

    @OptionGroup var folder: DataFolder
    @OptionGroup var names: ServerNames

    func run() throws {
      let office = folder.office
      try refuseIfThere(DataFolder.File.allCases.map { folder.path($0) } + [office.contentKey])
      try folder.make()
      try Files.makeFolder(office.path)
      let content = OpeningKey.generated()
      let token = Array(Hex.text(SystemChance().bytes(32)).utf8)
      var contents = try secrets()
      contents[.clerkToken] = token
      contents[.content] = Self.text(content.sealingKey.publicKey.bytes)
      contents.merge(try certificates()) { $1 }
      for (file, bytes) in contents { try Files.write(bytes, to: folder.path(file)) }
      try Files.write(Self.text(content.privateKey), to: office.contentKey)
      try Files.write(token, to: office.clerkToken)
      Main.say("keys made in \(folder.data)")
    }

    private func refuseIfThere(_ paths: [String]) throws {
      guard let there = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else { return }
      throw Refusal("\(there) is there already; nothing was made or changed")
    }

    private func secrets() throws -> [DataFolder.File: [UInt8]] {
      let signer = SigningKey.generated()
      let root = RootDocument(
        version: 1, signers: [.init(publicKey: signer.publicKey)], threshold: 1)
      return [
        .routing: Self.text(OpeningKey.generated().privateKey),
        .signer: Self.text(signer.privateKey),
        .root: Canonical.encode(root),
        .time: Self.text(SigningKey.generated().privateKey),
      ]
    }

    private func certificates() throws -> [DataFolder.File: [UInt8]] {
      let authority = try CertificateAuthority.make(
        name: "Nightdesk centre", term: .now(days: 3653))
      let key = CertificateKey.generated()
      let server = try authority.certify(server: key, names: names.all, term: .now(days: 397))
      return [
        .authorityKey: Array(authority.privateKey.utf8),
        .authority: Array(try authority.certificate.utf8),
        .serverKey: Array(key.pem.utf8), .server: Array(server.utf8),
      ]
    }

    private static func text(_ key: [UInt8]) -> [UInt8] { Array(Base64(key).text.utf8) }
  }
}

/// By which names terminals reach the centre's own doors.
struct ServerNames: ParsableArguments {
  @Option(name: .customLong("name"), help: "DNS name or IPv4 address of the centre; may stand several times.")
  var given: [String] = []

  /// The loopback ones are always among them.
  var all: [String] {
    given + ["127.0.0.1", "localhost"].filter { !given.contains($0) }
  }

  func validate() throws {
    let fits = given.allSatisfy { name in
      (1...253).contains(name.utf8.count)
        && name.utf8.allSatisfy { byte in
          (48...57).contains(byte) || (97...122).contains(byte) || (65...90).contains(byte)
            || byte == 45 || byte == 46
        }
    }
    guard fits else { throw ValidationError("a name is a DNS name or an IPv4 address") }
  }
}

extension CertificateAuthority.Term {
  /// From this machine's present on, with a serial number of its chance.
  static func now(days: Int) -> Self {
    .init(serial: SystemChance().bytes(16), from: SystemWallTime().now().at, days: days)
  }
}
