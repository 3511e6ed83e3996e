// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Records
import Wire

struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The centre's own keys.", subcommands: [New.self])

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make all keys of a new centre; keys that are there are never overwritten.",
      discussion: "Example: centrald keys new --data /var/lib/nightdesk-centre")

    @OptionGroup var folder: DataFolder

    func run() throws {
      try folder.make()
      let there = DataFolder.File.allCases.map { folder.path($0) }
        .filter { FileManager.default.fileExists(atPath: $0) }
      guard there.isEmpty else {
        throw Refusal("\(there[0]) is there already; nothing was made or changed")
      }
      let signer = SigningKey.generated()
      let root = RootDocument(
        version: 1, signers: [.init(publicKey: signer.publicKey)], threshold: 1)
      let contents: [(DataFolder.File, [UInt8])] = [
        (.routing, Self.text(OpeningKey.generated().privateKey)),
        (.content, Self.text(OpeningKey.generated().privateKey)),
        (.signer, Self.text(signer.privateKey)),
        (.root, Canonical.encode(root)),
        (.clerkToken, Array(Hex.text(SystemChance().bytes(32)).utf8)),
      ]
      for (file, bytes) in contents { try DataFolder.write(bytes, to: folder.path(file)) }
      Main.say("keys made in \(folder.data)")
    }

    private static func text(_ key: [UInt8]) -> [UInt8] { Array(Base64(key).text.utf8) }
  }
}
