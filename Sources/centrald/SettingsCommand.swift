// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Wire

struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings", abstract: "Settings of terminals.", subcommands: [Sign.self])

  struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sign a settings file, after reading it as a terminal would.",
      discussion: "Example: centrald settings sign --data DIR settings.json --out settings.dsse")

    @OptionGroup var folder: DataFolder
    @Argument(help: "Settings as JSON.") var file: String
    @Option(help: "Where the signed document goes; replaced as a whole.") var out: String

    func run() throws {
      let settings = try Files.read(file)
      let key = try SigningKey(privateKey: folder.key(.signer))
      let signed: [UInt8]
      do throws(WireFault) {
        signed = try SettingsDocument.sign(settings, key: key)
      } catch .malformed(let why) {
        throw Refusal("\(file): \(why)")
      } catch {
        throw Refusal("\(file) cannot be signed: \(error)")
      }
      do {
        try Data(signed).write(to: URL(fileURLWithPath: out), options: .atomic)
      } catch {
        throw Refusal("\(out) cannot be written")
      }
      Main.say("signed by \(key.id): \(out)")
    }
  }
}
