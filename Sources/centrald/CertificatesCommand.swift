// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Certificates
import Foundation
import Wire

struct CertificatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certificates", abstract: "What the centre's doors show.",
    subcommands: [Renew.self])

  struct Renew: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make another server certificate, with a key of its own, for 397 days.",
      discussion: """
        A centre that serves takes it within two seconds; open connections go on. Names are
        those given here: give all of them again.
        Example: centrald certificates renew --data DIR --name centre.example.gov.cn
        """)

    @OptionGroup var folder: DataFolder
    @OptionGroup var names: ServerNames

    func run() throws {
      let authority = try CertificateAuthority(
        certificate: folder.text(.authority), privateKey: folder.text(.authorityKey))
      let key = CertificateKey.generated()
      let server = try authority.certify(server: key, names: names.all, term: .now(days: 397))
      // Two files cannot be replaced at once: a server that reads one of each kind finds that
      // they do not fit, keeps what it has and looks again.
      try Files.replace(folder.path(.serverKey), with: Array(key.pem.utf8))
      try Files.replace(folder.path(.server), with: Array(server.utf8))
      let made = try PeerCertificate(pem: server)
      Main.say("certificate \(made.serial) for \(names.all.joined(separator: ", "))")
    }
  }
}
