// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Central
import Logging
import Wire

struct OfficeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "office", abstract: "Serve the clerks' desk, which alone opens contents.",
    discussion: """
      Prints `office: http://127.0.0.1:PORT` when it listens; the desk is at /clerk/#TOKEN.
      Example: centrald office --data DIR/office --centre http://127.0.0.1:40005 --port 40008 \
      --pages Kiosk/Centre
      """)

  @Option(help: "Folder with content.key and clerk.token.") var data: String
  @Option(help: "URL of the centre's door for clerks.") var centre: String
  @Option(help: "Port, on the loopback address; 0 takes any free one.") var port: Int
  @OptionGroup var pages: PagesArguments

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("a port is 0 to 65535") }
    guard centre.hasPrefix("http://") || centre.hasPrefix("https://") else {
      throw ValidationError("the centre is reached by http://… or https://…")
    }
  }

  func run() async throws {
    let folder = OfficeFolder(path: data)
    guard let key = Base64(text: try Files.key(folder.contentKey, of: data))?.bytes else {
      throw Refusal("\(folder.contentKey) holds no key")
    }
    let token = try Files.key(folder.clerkToken, of: data)
    let words = try pages.readWords()
    let shown = try pages.readPages()
    let opening = try OpeningKey(privateKey: key)
    try await CentreClient.with(centre) { client in
      let office = Office(
        centre: client, key: opening, clerkToken: token, words: words, pages: shown,
        logger: Logger(label: "centrald"))
      let door = office.door(at: DoorPlace(port: port)) { Main.say("office: http://127.0.0.1:\($0)") }
      try await Services.run([door], logger: office.logger)
    }
  }
}
