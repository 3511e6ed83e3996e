// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Certificates
import Foundation
import Records
import Wire

/// What the parties of a delivery know of each other; a file in the folder of each round.
struct DeliverySetup: Sendable, Codable {
  var signer, routing: Base64
  var allotment: Allotment
  /// PEM.
  var authority, serverCertificate, serverKey, terminalCertificate, terminalKey: String

  static let withdrawnMatter = "withdrawn-matter"

  /// Keys, certificates, and a centre in `folder` that knows the terminal and takes nothing
  /// for one matter.
  static func make(in folder: BenchFolder) async throws -> DeliverySetup {
    let signer = SigningKey.generated()
    let store = try SQLiteCaseStore.open(path: folder.file("centre"), outcomeUnknown: {})
    let now = BenchClock().now().at
    let code = Fingerprint.text(SystemChance().bytes(16))
    let enrolled = try await store.enrol(
      Enrolment(
        terminal: SampleTerminal.name, area: SampleTerminal.area, publicKey: signer.publicKey,
        codeHash: code, time: now))
    try await store.withdraw(matter: withdrawnMatter, at: now)
    guard let allotment = enrolled?.allotments.first else { throw BenchFault("no allotment") }
    var setup = try certified(at: now)
    let certificate = try PeerCertificate(pem: setup.terminalCertificate)
    try await store.certified(
      IssuedCertificate(
        fingerprint: certificate.fingerprint, serial: certificate.serial, terminal: SampleTerminal.name,
        notAfter: certificate.notAfter), at: now)
    try await store.close()
    setup.signer = Base64(signer.privateKey)
    setup.allotment = allotment
    try JSONEncoder().encode(setup).write(to: URL(fileURLWithPath: folder.file("setup.json")))
    try setup.writePEMs(in: folder)
    return setup
  }

  private static func certified(at now: Timestamp) throws -> DeliverySetup {
    func term() -> CertificateAuthority.Term { .init(serial: SystemChance().bytes(16), from: now, days: 30) }
    let authority = try CertificateAuthority.make(name: "Bench", term: term())
    let server = CertificateKey.generated()
    let terminal = CertificateKey.generated()
    return DeliverySetup(
      signer: Base64([]), routing: Base64(OpeningKey.generated().privateKey),
      allotment: try SampleTerminal.sampleAllotment(), authority: try authority.certificate,
      serverCertificate: try authority.certify(
        server: server, names: ["127.0.0.1", "localhost"], term: term()),
      serverKey: server.pem,
      terminalCertificate: try authority.certify(
        terminal: SampleTerminal.name, request: try terminal.request(named: SampleTerminal.name),
        term: term()),
      terminalKey: terminal.pem)
  }

  /// For the rival, whose library takes files.
  private func writePEMs(in folder: BenchFolder) throws {
    let files = [
      "authority.pem": authority, "terminal.pem": terminalCertificate, "terminal.key": terminalKey,
    ]
    for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name))) }
  }

  static func read(_ folder: BenchFolder) throws -> DeliverySetup {
    try JSONDecoder().decode(
      DeliverySetup.self, from: try Data(contentsOf: URL(fileURLWithPath: folder.file("setup.json"))))
  }

  func terminal() throws -> SampleTerminal {
    try SampleTerminal(
      allotment: allotment, signer: try SigningKey(privateKey: signer.bytes),
      routing: try OpeningKey(privateKey: routing.bytes))
  }
}
