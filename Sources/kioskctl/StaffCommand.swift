// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Upkeep

struct StaffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staff", abstract: "The address of the staff page, good until the next boot.",
    discussion: """
      Who has this address may restart devices; it works on this terminal only.
      Example: kioskctl staff
      """)

  @OptionGroup var common: Common

  private struct Address: Encodable {
    var url: String
  }

  func run() throws {
    let start = try Files.start(common.profile)
    let token = String(decoding: try Files.bytes(start.folders.staffToken), as: UTF8.self)
    let address = Address(url: "http://127.0.0.1:\(start.staff.port)/#\(token)")
    if common.json { try Output.line(address) } else { print(address.url) }
  }
}
