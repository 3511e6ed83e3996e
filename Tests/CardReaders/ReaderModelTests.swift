// SPDX-License-Identifier: Apache-2.0

import DeviceLinks
import Glibc
import Records
import StrictJSON
import Testing

@testable import CardReaders

@Suite("Model files and words of card readers")
struct ReaderModelTests {
  private static let house = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  private static let path = "Devices/CardReaders/Models/sdt-serial/sdt-serial.json"

  @Test("sdt-serial is what its file says")
  func sdtSerial() throws {
    let model = try StrictJSON.decode(ReaderModel.self, from: try bytes(Self.path))
    #expect(
      model
        == ReaderModel(
          id: "sdt-serial", driver: .sdt, link: .serial(baud: .baud115200), pollMilliseconds: 250,
          timeoutMilliseconds: .init(find: 1000, select: 1500, read: 3000), presence: .address))
  }

  @Test(
    "a model file with an error is refused",
    arguments: [
      ("\"presence\": \"address\"", "\"presence\": \"address\", \"colour\": 1"),
      ("\"presence\": \"address\"", "\"presence\": \"smell\""),
      ("\"find\": 1000", "\"find\": 1000, \"fingerprint\": 1"),
      ("\"find\": 1000", "\"find\": 0"),
      ("250", "0"), ("250", "10001"), ("115200", "115201"), ("\"sdt\"", "\"simulator\""),
    ])
  func refused(right: String, wrong: String) throws {
    let text = String(decoding: try bytes(Self.path), as: UTF8.self)
    let changed = text.replacing(right, with: wrong, maxReplacements: 1)
    #expect(changed != text)
    #expect(throws: JSONFault.self) {
      try StrictJSON.decode(ReaderModel.self, from: Array(changed.utf8))
    }
  }

  @Test("every problem has its sentences, in both languages, and its own code")
  func words() throws {
    let words = try StrictJSON.decode(
      [String: [String: String]].self, from: try bytes("Kiosk/Words/problems-readers.json"))
    #expect(Set(Problem.ofReaders.map(\.code)).count == Problem.ofReaders.count)
    #expect(words.count == Problem.ofReaders.count * 2)
    for problem in Problem.ofReaders {
      for key in [problem.residentKey, problem.staffKey] {
        #expect(words[key]?["zh"]?.isEmpty == false, "\(key)")
        #expect(words[key]?["en"]?.isEmpty == false, "\(key)")
      }
    }
  }

  private struct Unreadable: Error { let path: String }

  private func bytes(_ path: String) throws -> [UInt8] {
    guard let file = fopen("/\(Self.house)/\(path)", "r") else { throw Unreadable(path: path) }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&buffer, 1, buffer.count, file)
    return Array(buffer.prefix(count))
  }
}
