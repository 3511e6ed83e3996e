// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Central
import Foundation
import Records

/// `--pages DIR [--words FILE]`: what a browser shows.
struct PagesArguments: ParsableArguments {
  @Option(help: "Folder of the pages.") var pages: String
  @Option(help: "Sentences, JSON; else Words/centre.json beside the folder of the pages.")
  var words: String?

  func readPages() throws -> Pages { try PagesFolder(path: pages).read() }

  func readWords() throws -> Words {
    let path = words ?? pages + "/../Words/centre.json"
    do {
      return Words(
        try JSONDecoder().decode([String: Words.Sentence].self, from: Data(try Files.read(path))))
    } catch is DecodingError {
      throw Refusal("\(path) is no file of sentences")
    }
  }
}
