// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Testing

@testable import Upkeep

@Suite("Which model serves where")
struct FittingTests {
  private static let sdt = USBIdentity(vendor: USBNumber(0x0400), product: USBNumber(0xc35a))
  private static let other = USBIdentity(vendor: USBNumber(0x28e9), product: USBNumber(0x028a))
  private static let models: [String: DeviceConnection] = [
    "usb": .usb(sdt), "other": .usb(other), "line": .line, "paper": .queue, "keys": .node,
    "reports": .node,
  ]

  private func fittings(_ places: [String: Place], _ bus: [USBSighting] = []) -> [String: Fitting] {
    Fitting.all(of: places, models: Self.models, on: bus)
  }

  private func seen(_ port: String, _ identity: USBIdentity = sdt) -> USBSighting {
    USBSighting(identity: identity, port: port)
  }

  @Test("a tty takes the first allowed model of a line; an allowed one that USB shows comes first")
  func swap() {
    let places = ["reader": Place(models: ["line", "usb", "other"], tty: "/dev/ttyS0")]
    #expect(fittings(places)["reader"] == Fitting(model: "line", spot: .tty("/dev/ttyS0")))
    #expect(fittings(places, [seen("1-3")])["reader"] == Fitting(model: "usb", spot: .port("1-3")))
    let swapped = fittings(places, [seen("2-1", Self.other)])
    #expect(swapped["reader"] == Fitting(model: "other", spot: .port("2-1")))
  }

  @Test("a node that is there comes before a line, and one that is not comes behind it")
  func nodes() {
    func serves(_ place: Place, _ nodes: Set<String> = []) -> Fitting? {
      Fitting.all(of: ["scanner": place], models: Self.models, on: [], nodes: nodes)["scanner"]
    }
    let both = Place(models: ["line", "reports", "keys"], tty: "/dev/ttyS1", node: "/dev/n")
    #expect(serves(both) == Fitting(model: "line", spot: .tty("/dev/ttyS1")))
    #expect(serves(both, ["/dev/n"]) == Fitting(model: "reports", spot: .node("/dev/n")))
    #expect(serves(both, ["/dev/m"]) == Fitting(model: "line", spot: .tty("/dev/ttyS1")))
    let keys = Place(models: ["keys"], node: "/dev/n")
    #expect(serves(keys) == Fitting(model: "keys", spot: .node("/dev/n")))
    #expect(serves(Place(models: ["keys"], tty: "/dev/ttyS1")) == nil)
  }

  @Test("what is not allowed is not taken, and nothing is nothing")
  func notAllowed() {
    let places = ["reader": Place(models: ["usb"])]
    #expect(fittings(places, [seen("1-1", Self.other)]).isEmpty)
    #expect(fittings(places).isEmpty)
    #expect(fittings(["receiptPrinter": Place(models: ["paper"])]).isEmpty)
  }

  @Test("two of one model: each at the port it names")
  func ports() {
    let places = [
      "reader": Place(models: ["usb"], port: "1-1"), "reader.low": Place(models: ["usb"], port: "1-1.2"),
    ]
    let both = fittings(places, [seen("1-1.2"), seen("1-1")])
    #expect(both.mapValues(\.spot) == ["reader": .port("1-1"), "reader.low": .port("1-1.2")])
    #expect(fittings(places, [seen("1-1.2")]).mapValues(\.spot) == ["reader.low": .port("1-1.2")])
  }

  @Test("a place that names no port leaves named ports and others' devices alone")
  func first() {
    let places = [
      "reader": Place(models: ["usb"]), "reader.high": Place(models: ["usb"]),
      "reader.low": Place(models: ["usb"], port: "1-1"),
    ]
    #expect(fittings(places, [seen("1-1")]).mapValues(\.spot) == ["reader.low": .port("1-1")])
    let all = fittings(places, [seen("1-3"), seen("1-1"), seen("1-2")])
    #expect(
      all.mapValues(\.spot) == [
        "reader": .port("1-2"), "reader.high": .port("1-3"), "reader.low": .port("1-1"),
      ])
  }
}
