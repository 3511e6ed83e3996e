// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@testable import Upkeep

@Suite("Places in the start-up file")
struct PlaceTests {
  private static let right = """
    {
      "reader": {"models": ["sdt-usb", "sdt-serial"], "tty": "/dev/ttyUSB0"},
      "reader.low": {"models": ["sdt-usb"], "port": "1-1.2"},
      "receiptPrinter": {"models": ["escpos-80"], "uri": "socket://192.0.2.7:9100"},
      "scanner": {"models": ["scanner-keys"], "node": "/dev/nightdesk/scanner-keys"}
    }
    """

  private func fault(_ text: String) -> String? {
    do {
      _ = try StrictJSON.decode(Places.self, from: Array(text.utf8))
      return nil
    } catch {
      return error.description
    }
  }

  @Test("a file without fault is taken, by kind")
  func taken() throws {
    let places = try StrictJSON.decode(Places.self, from: Array(Self.right.utf8))
    #expect(places.of(.reader).keys.sorted() == ["reader", "reader.low"])
    #expect(places.byName["reader"]?.models == ["sdt-usb", "sdt-serial"])
    #expect(places.byName["reader.low"]?.port == "1-1.2")
    #expect(places.of(.scanner)["scanner"]?.paths == ["/dev/nightdesk/scanner-keys"])
  }

  @Test(
    "what cannot be is refused with its place",
    arguments: [
      ("\"port\": \"1-1.2\"", "\"port\": \"1-1.2\", \"colour\": 1", "[\"reader.low\"].colour"),
      ("\"1-1.2\"", "\"1.2\"", "[\"reader.low\"].port"), ("\"1-1.2\"", "\"1-\"", "[\"reader.low\"].port"),
      ("\"/dev/ttyUSB0\"", "\"ttyUSB0\"", "reader.tty"), ("\"/dev/nightdesk", "\"nightdesk", "scanner.node"),
      ("/dev/nightdesk/scanner-keys", "/dev/ttyUSB0", "two places are at /dev/ttyUSB0"),
      ("[\"escpos-80\"]", "[]", "receiptPrinter.models"),
      ("[\"sdt-usb\", \"sdt-serial\"]", "[\"sdt-usb\", \"sdt-usb\"]", "reader.models"),
      ("\"reader.low\"", "\"toaster\"", "toaster is no place"),
      ("\"reader.low\"", "\"reader.\"", "reader. is no place"),
      ("\"receiptPrinter\"", "\"scanner.low\"", "no place for the receiptPrinter"),
      ("\"reader.low\"", "\"receiptPrinter.low\"", "two receipt printers"),
    ])
  func refused(right: String, wrong: String, place: String) {
    #expect(fault(Self.right) == nil)
    let changed = Self.right.replacing(right, with: wrong, maxReplacements: 1)
    #expect(changed != Self.right)
    #expect(fault(changed)?.contains(place) == true, "\(fault(changed) ?? "taken")")
  }

  @Test("two places at one port are refused")
  func doubled() {
    let changed = Self.right.replacing("\"tty\": \"/dev/ttyUSB0\"", with: "\"port\": \"1-1.2\"")
    #expect(fault(changed)?.contains("two places are at 1-1.2") == true)
  }
}
