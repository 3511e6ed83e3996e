// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Matters
import Storage
import Wire

struct CatalogueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalogue", abstract: "Catalogues of matters.", subcommands: [Publish.self])

  struct Publish: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give every terminal another catalogue, after reading it as a terminal would.",
      discussion: """
        Numbers the version, signs it whole and as a difference from the one before. A centre
        that serves sees it within two seconds and tells the terminals; each takes it between
        two visits.
        Example: centrald catalogue publish --data DIR catalogue.json
        """)

    @OptionGroup var folder: DataFolder
    @Argument(help: "Catalogue as JSON.") var file: String

    func run() throws {
      let bytes = try Files.read(file)
      let catalogue: Catalogue
      do throws(CatalogueFile.Refusal) {
        catalogue = try CatalogueFile.read(bytes)
      } catch {
        throw Refusal("\(file) is faulty; nothing was published\n" + error.lines.joined(separator: "\n"))
      }
      try folder.make()
      let version = try publish(catalogue, in: CatalogueFolder(path: folder.catalogues))
      Main.say("catalogue \(version): \(catalogue.matters.count) matters")
    }

    private func publish(_ catalogue: Catalogue, in folder: CatalogueFolder) throws -> Int {
      let key = try SigningKey(privateKey: self.folder.key(.signer))
      let root = try RootDocument.decode(Array(self.folder.text(.root).utf8))
      let newest = folder.newest()
      let version = newest + 1
      if newest > 0 {
        let former = try folder.catalogue(newest, root: root)
        guard former != catalogue else { throw Refusal("\(file) is what version \(newest) says") }
        // Without one the terminals take the whole.
        if let changes = CatalogueChanges.between(former, catalogue) {
          let edition = CatalogueEdition(version: version, from: newest, changes: changes)
          try Files.replace(
            folder.difference(to: version),
            with: try CatalogueDocument.sign(Canonical.encode(edition), key: key))
        }
      }
      let edition = CatalogueEdition(version: version, whole: catalogue)
      let whole = try CatalogueDocument.sign(Canonical.encode(edition), key: key)
      // Last, and never over another: the version is published by this file.
      try Files.add(folder.whole(version), whole)
      return version
    }
  }
}
