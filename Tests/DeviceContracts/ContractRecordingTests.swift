// SPDX-License-Identifier: Apache-2.0

import DeviceLinks
import Foundation
import Simulators
import Testing

@Suite("Recordings of the contract's scenes")
struct ContractRecordingTests {
  static let names = (try? FileManager.default.contentsOfDirectory(atPath: ContractRecording.folder)) ?? []

  @Test("all are there") func there() { #expect(Self.names.count > 20) }

  @Test("they hold nobody but the suite's invented persons", arguments: names.sorted())
  func persons(name: String) throws {
    let text = try String(contentsOfFile: "\(ContractRecording.folder)/\(name)", encoding: .utf8)
    let answers = try ExchangeFile(text).exchanges.flatMap { exchange -> [UInt8] in
      if case .read(let bytes) = exchange.event { bytes } else { [] }
    }
    let numbers = Set(Self.longNumbers(answers))
    #expect(!numbers.isEmpty)
    #expect(numbers.isSubset(of: [SimulatedCard.first, .second].map { $0.idNumber.filter(\.isWholeNumber) }))
  }

  /// Seventeen and more digits on end in UTF-16, wherever they stand: on a card only the
  /// holder's number is as long (its dates have sixteen).
  private static func longNumbers(_ bytes: [UInt8]) -> [String] {
    var found: [String] = []
    for start in 0...1 {
      let letters = stride(from: start, to: bytes.count - 1, by: 2).map { place -> Character in
        let isDigit = (0x30...0x39).contains(bytes[place]) && bytes[place + 1] == 0
        return isDigit ? Character(UnicodeScalar(bytes[place])) : " "
      }
      found += String(letters).split(separator: " ").map(String.init).filter { $0.count >= 17 }
    }
    return found
  }
}
