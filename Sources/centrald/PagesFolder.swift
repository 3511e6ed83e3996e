// SPDX-License-Identifier: Apache-2.0

import Central
import Foundation

/// `--pages DIR`: three pages, and beside them what they load.
struct PagesFolder {
  let path: String

  private static let mediaTypes = [
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml", "png": "image/png",
  ]

  func read() throws -> Pages {
    Pages(
      progress: try text("progress.html"), illFormed: try text("ill-formed.html"),
      clerk: try text("clerk.html"), assets: try assets())
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Files.read(path + "/" + name), as: UTF8.self)
  }

  private func assets() throws -> [String: Pages.Asset] {
    var assets: [String: Pages.Asset] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      let ending = name.split(separator: ".").last.map { String($0) } ?? ""
      guard let mediaType = Self.mediaTypes[ending] else { continue }
      assets[name] = Pages.Asset(
        bytes: try Files.read(path + "/" + name), mediaType: mediaType)
    }
    return assets
  }
}
