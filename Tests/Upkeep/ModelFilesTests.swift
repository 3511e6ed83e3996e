// SPDX-License-Identifier: Apache-2.0

import CardReaders
import CodeScanners
import DeviceKit
import DeviceLinks
import Foundation
import ReceiptPrinters
import Testing

@testable import Upkeep

@Suite("Model files")
struct ModelFilesTests {
  private static let own = "Tests/Upkeep/ModelFilesTests.swift"
  private static let devices = String(#filePath.dropLast(own.count)) + "Devices"

  /// As they lie in the tree.
  private func files(_ kind: PlaceKind) throws -> [ModelFile] {
    let folder = "\(Self.devices)/\(kind.folder)/Models"
    return try FileManager.default.contentsOfDirectory(atPath: folder).map { name in
      let path = "\(folder)/\(name)/\(name).json"
      let bytes = try Data(contentsOf: URL(filePath: path))
      return ModelFile(
        folder: name, path: "\(kind.folder)/Models/\(name)/\(name).json", bytes: [UInt8](bytes))
    }
  }

  private func file(_ name: String, in kind: PlaceKind) throws -> ModelFile {
    try #require(try files(kind).first { $0.folder == name })
  }

  private func reason(_ files: [ModelFile]) throws -> String {
    var reading = ModelReading()
    do throws(ModelFault) {
      _ = try reading.models(ReaderModel.self, in: files)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("those of the tree are sound; the template is read by people only")
  func sound() throws {
    var reading = ModelReading()
    let readers = try reading.models(ReaderModel.self, in: try files(.reader))
    let printers = try reading.models(PrinterModel.self, in: try files(.receiptPrinter))
    #expect(readers["sdt-serial"]?.connection == .line)
    let identity = try #require(readers["sdt-usb"]).connection
    #expect(identity == .usb(USBIdentity(vendor: USBNumber(0x0400), product: USBNumber(0xc35a))))
    let scanners = try reading.models(ScannerModel.self, in: try files(.scanner))
    let ways = ["scanner-serial": DeviceConnection.line, "scanner-keys": .node, "scanner-hidpos": .node]
    #expect(scanners.mapValues(\.connection) == ways)
    #expect(readers["_template"] == nil)
    #expect(printers["escpos-80"]?.connection == .queue)
    let template = try file("_template", in: .reader)
    let taken = ModelFile(folder: "a", path: "a", bytes: template.bytes)
    #expect(try reason([taken]).contains("_template is not"))
  }

  @Test(
    "what the driver does not know or cannot be is refused with file, line and place",
    arguments: [
      ("\"driver\"", "\"colour\": 1, \"driver\"", "line 3, column 3, at colour"),
      ("\"0400\"", "\"400\"", "at link.usb.vendor"), ("\"c35a\"", "\"C35A\"", "at link.usb.product"),
      ("\"auto\"", "\"three-pipe\"", "at link.usb.framing"),
      ("\"framing\": \"auto\"", "\"framing\": \"auto\", \"speed\": 1", "at link.usb.speed"),
      ("{\"usb\":", "{\"serial\": {\"baud\": 9600}, \"usb\":", "at link"),
      ("250", "0", "at pollMilliseconds"), ("\"sdt\"", "\"smell\"", "at driver"),
    ])
  func refused(right: String, wrong: String, place: String) throws {
    var changed = try file("sdt-usb", in: .reader)
    let text = String(decoding: changed.bytes, as: UTF8.self)
    changed.bytes = Array(text.replacing(right, with: wrong, maxReplacements: 1).utf8)
    let said = try reason([changed])
    #expect(said.hasPrefix("CardReaders/Models/sdt-usb/sdt-usb.json: line "), "\(said)")
    #expect(said.contains(place), "\(said)")
  }

  @Test("a name that two models bear is refused, also across kinds, and names both files")
  func doubled() throws {
    let one = try file("sdt-usb", in: .reader)
    let copy = ModelFile(
      folder: "sdt-usb-2", path: "CardReaders/Models/sdt-usb-2/sdt-usb-2.json", bytes: one.bytes)
    let said = try reason([one, copy])
    #expect(said.hasPrefix(copy.path) && said.contains(one.path), "\(said)")
    var reading = ModelReading()
    _ = try reading.models(ReaderModel.self, in: [one])
    let printer = String(decoding: try file("escpos-80", in: .receiptPrinter).bytes, as: UTF8.self)
    let namesake = ModelFile(
      folder: "sdt-usb", path: "ReceiptPrinters/Models/sdt-usb/sdt-usb.json",
      bytes: Array(printer.replacing("escpos-80", with: "sdt-usb").utf8))
    #expect(throws: ModelFault.self) { try reading.models(PrinterModel.self, in: [namesake]) }
  }

  @Test("a printer's impossible values are refused with their place")
  func printers() throws {
    let right = try file("escpos-80", in: .receiptPrinter)
    let text = String(decoding: right.bytes, as: UTF8.self)
    for (from, to, place) in [
      ("576", "580", "paper"), ("32768", "100", "window"), ("\"escpos\"", "\"star\"", "driver"),
      ("8000", "0", "patience"), ("16}", "100}", "paper"),
    ] {
      var changed = right
      changed.bytes = Array(text.replacing(from, with: to, maxReplacements: 1).utf8)
      var reading = ModelReading()
      do throws(ModelFault) {
        _ = try reading.models(PrinterModel.self, in: [changed])
        Issue.record("\(to) was taken")
      } catch {
        #expect(error.description.contains("at \(place): "), "\(error)")
      }
    }
  }

  @Test("a sibling model is a data file: it is read and serves at the place that allows it")
  func sibling() throws {
    let text = String(decoding: try file("sdt-usb", in: .reader).bytes, as: UTF8.self)
    let sibling = ModelFile(
      folder: "sdt-telpo", path: "CardReaders/Models/sdt-telpo/sdt-telpo.json",
      bytes: Array(
        text.replacing("sdt-usb", with: "sdt-telpo").replacing("0400", with: "28e9")
          .replacing("c35a", with: "028a").replacing("auto", with: "two-pipe").utf8))
    var reading = ModelReading()
    let models = try reading.models(ReaderModel.self, in: try files(.reader) + [sibling])
    let model = try #require(models["sdt-telpo"])
    let identity = USBIdentity(vendor: USBNumber(0x28e9), product: USBNumber(0x028a))
    #expect(model.link == .usb(identity, framing: .twoPipe))
    let fittings = Fitting.all(
      of: ["reader": Place(models: ["sdt-serial", "sdt-telpo"], tty: "/dev/ttyS0")],
      models: models.mapValues(\.connection), on: [USBSighting(identity: identity, port: "1-4")])
    #expect(fittings["reader"] == Fitting(model: "sdt-telpo", spot: .port("1-4")))
  }
}
