// SPDX-License-Identifier: Apache-2.0

import Central
import CentralStore
import Certificates
import Logging
import Records
import ServiceLifecycle
import Wire

/// The centre as it is, with its own door for terminals; without pages and words, which no
/// terminal asks for.
enum RealCentre {
  /// Serves until the task is cancelled.
  static func serve(
    _ setup: DeliverySetup, store: SQLiteCaseStore, port: Int, listening: @escaping @Sendable (Int) -> Void
  ) async throws {
    let tls = try DoorTLS.context(
      certificate: setup.serverCertificate, privateKey: setup.serverKey, authority: setup.authority)
    let centre = try make(setup, store: store)
    let door = centre.terminalsDoor(at: DoorPlace(port: port), tls: Swappable(tls), listening: listening)
    try await ServiceGroup(
      configuration: ServiceGroupConfiguration(services: [door], logger: centre.logger)
    ).run()
  }

  private static func make(_ setup: DeliverySetup, store: SQLiteCaseStore) throws -> Centre {
    let office = SigningKey.generated()
    let authority = try CertificateAuthority.make(
      name: "Bench", term: .init(serial: SystemChance().bytes(16), from: BenchClock().now().at, days: 1))
    var logger = Logger(label: "bench")
    logger.logLevel = .critical
    return Centre(
      store: store, enrolmentCodes: NoCodes(),
      keys: .init(
        routing: try OpeningKey(privateKey: setup.routing.bytes), content: OpeningKey.generated().sealingKey,
        root: RootDocument(version: 1, signers: [.init(publicKey: office.publicKey)], threshold: 1),
        time: office, clerkToken: Hex.text(SystemChance().bytes(16))),
      authority: Swappable(authority),
      serverCertificate: Swappable(try PeerCertificate(pem: setup.serverCertificate)),
      catalogues: Swappable(Catalogues(matters: [:])), terminalsAddress: Swappable(""), clock: BenchClock(),
      chance: SystemChance(), elapsed: { .seconds(Stopwatch.now) }, words: Words([:]),
      pages: Pages(progress: "", illFormed: "", clerk: "", assets: [:]), logger: logger)
  }
}

/// Nobody enrols at a bench.
private struct NoCodes: EnrolmentCodes {
  func promise(of codeHash: String) async -> EnrolmentPromise? { nil }
  func forget(_ codeHash: String) async {}
}
