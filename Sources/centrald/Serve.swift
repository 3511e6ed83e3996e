// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Central
import CentralStore
import DurableSQLite
import Foundation
import Logging
import NIOCore
import Records
import ServiceLifecycle
import UnixSignals
import Wire

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve terminals, residents and clerks: three doors.",
    discussion: """
      Prints when each listens: `centre: http://…` for residents and clerks, `terminals:
      https://…` for enrolled terminals, `enrolment: https://…` for new ones. SIGTERM ends it
      within five seconds. It holds no key to the contents of applications.
      Example: centrald serve --data DIR --port 40005 --terminals-port 40006 \
      --enrolment-port 40007 --catalogue catalogue.json --pages Kiosk/Centre
      """)

  @OptionGroup var folder: DataFolder
  @Option(help: "Port for residents and clerks, on the loopback address; 0 takes any free one.")
  var port: Int
  @Option(help: "Port for terminals.") var terminalsPort: Int
  @Option(help: "Port for terminals that are not enrolled yet.") var enrolmentPort: Int
  @Option(help: "Address at which the two ports for terminals listen.")
  var host = "127.0.0.1"
  @Option(help: "https://… by which terminals reach their port; else that which is printed.")
  var terminalsAddress: String?
  @Option(
    help: "Address of a front proxy on this machine whose X-Forwarded-For counts; may stand several times.")
  var behindProxy: [String] = []
  @Option(help: "Catalogue of matters, JSON, that counts until one is published.")
  var catalogue: String
  @OptionGroup var pages: PagesArguments

  func validate() throws {
    guard [port, terminalsPort, enrolmentPort].allSatisfy({ (0...65_535).contains($0) }) else {
      throw ValidationError("a port is 0 to 65535")
    }
    guard terminalsAddress?.hasPrefix("https://") ?? true else {
      throw ValidationError("terminals are reached by https://…")
    }
    guard behindProxy.allSatisfy({ $0.hasPrefix("127.") || $0 == "::1" }) else {
      throw ValidationError("a front proxy that is believed is on this machine: 127.… or ::1")
    }
  }

  func run() async throws {
    // What the database makes beside itself is for its owner only, like the rest.
    umask(0o077)
    let certificates = try DoorCertificates(folder)
    let installed = try InstalledCatalogue.names(in: catalogue)
    let published = CatalogueFolder(path: folder.catalogues)
    let keys = try keys()
    let catalogues = try published.published(root: keys.root, installed: installed)
    let store = try openStore()
    let centre = try centre(store, keys, certificates, Swappable(catalogues))
    let watch = FolderWatch(
      centre: centre, certificates: certificates, folder: published, installed: installed)
    let ended: Refusal?
    do {
      try await serve(centre, certificates, watch)
      ended = nil
    } catch let refusal as Refusal {
      ended = refusal
    }
    try await store.close()
    if let ended { throw ended }
  }

  private func centre(
    _ store: any CaseStore, _ keys: Centre.Keys, _ certificates: DoorCertificates,
    _ catalogues: Swappable<Catalogues>
  ) throws -> Centre {
    let begun = ContinuousClock.now
    var centre = Centre(
      store: store, enrolmentCodes: EnrolmentFolder(path: folder.enrolments), keys: keys,
      authority: certificates.authority, serverCertificate: certificates.server,
      catalogues: catalogues, terminalsAddress: Swappable(terminalsAddress ?? ""),
      clock: SystemWallTime(), chance: SystemChance(), elapsed: { ContinuousClock.now - begun },
      words: try pages.readWords(), pages: try pages.readPages(), logger: Logger(label: "centrald"))
    centre.proxies = Set(behindProxy)
    return centre
  }

  /// Until SIGTERM or SIGINT; event streams are ended and requests in progress are answered
  /// first, for at most four seconds; the store is closed within the fifth.
  private func serve(
    _ centre: Centre, _ certificates: DoorCertificates, _ watch: FolderWatch
  ) async throws {
    let host = host
    let services: [any Service] = [
      watch,
      centre.publicDoor(at: DoorPlace(port: port)) { Main.say("centre: http://127.0.0.1:\($0)") },
      centre.terminalsDoor(
        at: DoorPlace(host: host, port: terminalsPort), tls: certificates.terminals
      ) { port in
        let address = "https://\(host):\(port)"
        if centre.terminalsAddress.current.isEmpty { centre.terminalsAddress.replace(with: address) }
        Main.say("terminals: \(address)")
      },
      centre.enrolmentDoor(
        at: DoorPlace(host: host, port: enrolmentPort), tls: certificates.enrolment
      ) { Main.say("enrolment: https://\(host):\($0)") },
      EventPump(centre: centre, clock: .continuous),
    ]
    try await Services.run(services, logger: centre.logger)
  }

  private func openStore() throws -> SQLiteCaseStore {
    do throws(OpenFault) {
      // After a commit with an unknown outcome nothing may be promised: the next start
      // repairs the file first.
      return try SQLiteCaseStore.open(path: folder.database) { _exit(1) }
    } catch .heldByAnother(let process) {
      throw Refusal("\(folder.database) is held by process \(process.map { "\($0)" } ?? "unknown")")
    } catch .broken {
      throw Refusal("\(folder.database) is damaged; move it aside whole and ask for help")
    } catch .notDurable {
      throw Refusal("\(folder.database) lies where durable writing is not possible")
    } catch {
      throw Refusal("\(folder.database): \(error)")
    }
  }

  private func keys() throws -> Centre.Keys {
    Centre.Keys(
      routing: try OpeningKey(privateKey: folder.key(.routing)),
      content: SealingKey(publicKey: try folder.key(.content)),
      root: try RootDocument.decode(Array(folder.text(.root).utf8)),
      time: try SigningKey(privateKey: folder.key(.time)),
      clerkToken: try folder.text(.clerkToken))
  }
}

/// Runs services until the process is asked to end.
enum Services {
  static func run(_ services: [any Service], logger: Logger) async throws {
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(4)
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw Refusal("a port is taken; choose others")
    } catch {
      throw Refusal("the service ended: \(error)")
    }
  }
}

/// The little that the centre takes from the installed catalogue; the rest may grow as it
/// likes.
private struct InstalledCatalogue: Decodable {
  struct Matter: Decodable {
    var id: String
    var zh: String
    var en: String

    private enum CodingKeys: String, CodingKey {
      case id
      case zh = "name_zh"
      case en = "name_en"
    }
  }
  var matters: [Matter]

  static func names(in path: String) throws -> [String: Words.Sentence] {
    do {
      let installed = try JSONDecoder().decode(Self.self, from: Data(try Files.read(path)))
      return installed.matters.reduce(into: [:]) { $0[$1.id] = Words.Sentence(zh: $1.zh, en: $1.en) }
    } catch is DecodingError {
      throw Refusal("\(path) is no catalogue")
    }
  }
}
