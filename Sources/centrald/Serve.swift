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
    abstract: "Serve terminals, residents and clerks on the loopback address.",
    discussion: """
      Prints `centre: http://127.0.0.1:PORT` when it listens. SIGTERM ends it.
      Example: centrald serve --data DIR --port 40005 --catalogue catalogue.json \
      --pages Kiosk/Centre
      """)

  @OptionGroup var folder: DataFolder
  @Option(help: "Port; 0 takes any free one.") var port: Int
  @Option(help: "Catalogue of matters, JSON.") var catalogue: String
  @Option(help: "Folder of the pages.") var pages: String
  @Option(help: "Sentences, JSON; else Words/centre.json beside the folder of the pages.")
  var words: String?

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("a port is 0 to 65535") }
  }

  func run() async throws {
    // What the database makes beside itself is for its owner only, like the rest.
    umask(0o077)
    let store = try openStore()
    let centre = Centre(
      store: store, enrolmentCodes: EnrolmentFolder(path: folder.enrolments), keys: try keys(),
      clock: SystemWallTime(), words: try readWords(), matters: try matterNames(),
      pages: try PagesFolder(path: pages).read(), logger: Logger(label: "centrald"))
    try await serve(centre)
    try store.close()
  }

  /// Until SIGTERM or SIGINT; requests in progress are answered first, for at most five
  /// seconds.
  private func serve(_ centre: Centre) async throws {
    let server = centre.server(port: port) { Main.say("centre: http://127.0.0.1:\($0)") }
    var configuration = ServiceGroupConfiguration(
      services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: centre.logger)
    configuration.maximumGracefulShutdownDuration = .seconds(5)
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw Refusal("port \(port) is taken; choose another with --port")
    } catch {
      throw Refusal("the centre does not serve: \(error)")
    }
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
    } catch .cannotOpen(let why) {
      throw Refusal("\(folder.database): \(why)")
    }
  }

  private func keys() throws -> Centre.Keys {
    Centre.Keys(
      routing: try OpeningKey(privateKey: folder.key(.routing)),
      content: try OpeningKey(privateKey: folder.key(.content)),
      root: try RootDocument.decode(Array(folder.text(.root).utf8)),
      clerkToken: try folder.text(.clerkToken))
  }

  private func readWords() throws -> Words {
    let path = words ?? pages + "/../Words/centre.json"
    do {
      return Words(
        try JSONDecoder().decode(
          [String: Words.Sentence].self, from: Data(try DataFolder.read(path))))
    } catch is DecodingError {
      throw Refusal("\(path) is no file of sentences")
    }
  }

  private func matterNames() throws -> [String: Words.Sentence] {
    do {
      let names = try JSONDecoder().decode(
        CatalogueNames.self, from: Data(try DataFolder.read(catalogue)))
      return names.matters.reduce(into: [:]) { $0[$1.id] = $1.sentence }
    } catch is DecodingError {
      throw Refusal("\(catalogue) is no catalogue")
    }
  }
}

/// The little that the centre takes from a catalogue; the rest may grow as it likes.
private struct CatalogueNames: Decodable {
  struct Matter: Decodable {
    var id: String
    var zh: String
    var en: String

    private enum CodingKeys: String, CodingKey {
      case id
      case zh = "name_zh"
      case en = "name_en"
    }

    var sentence: Words.Sentence { Words.Sentence(zh: zh, en: en) }
  }
  var matters: [Matter]
}
