// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Central
import CentralStore
import Foundation

struct Stats: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What a running centre has counted.",
    discussion: "Example: centrald stats --centre http://127.0.0.1:40005 --data DIR --json")

  @OptionGroup var folder: DataFolder
  @Option(help: "URL of the centre's door for clerks.") var centre: String
  @Flag(help: "One line of JSON.") var json = false

  func run() async throws {
    let token = try folder.text(.clerkToken)
    let body = try await CentreClient.with(centre) { client in
      try await client.body(
        of: CentreQuestion(isPost: false, path: "/v1/counts", token: token))
    }
    if json { return Main.say(String(decoding: body, as: UTF8.self)) }
    let counts = try JSONDecoder().decode([String: Int].self, from: Data(body))
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) { Main.say("\(name): \(count)") }
  }
}
