// SPDX-License-Identifier: Apache-2.0

import Simulators

/// One entry of `GET /papers`.
struct PaperEntry: Encodable, Sendable {
  var number: Int
  var rows: Int
  var bytes: Int
  var cut: String
  var picture: String
  var data: String

  init(_ entry: PaperFolder.Entry) {
    number = entry.number
    rows = entry.rows
    bytes = entry.bytes
    cut = entry.cut.rawValue
    picture = "/papers/\(entry.number).png"
    data = "/papers/\(entry.number).bin"
  }
}
