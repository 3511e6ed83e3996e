// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Matters
import Storage

struct CatalogueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalogue", abstract: "Catalogue files.", subcommands: [Check.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads a file as the terminal would: every fault with its place.",
      discussion: "Example: kioskctl catalogue check catalogue.json")

    @Argument(help: "The file.") var file: String

    func run() throws {
      let bytes = try Files.bytes(file)
      do throws(CatalogueFile.Refusal) {
        let catalogue = try CatalogueFile.read(bytes)
        print("\(catalogue.matters.count) matters, \(catalogue.bundles.count) bundles, no fault")
      } catch {
        error.lines.forEach { print($0) }
        throw ExitCode(1)
      }
    }
  }
}
