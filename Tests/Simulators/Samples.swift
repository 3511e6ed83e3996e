// SPDX-License-Identifier: Apache-2.0

import Simulators
import Synchronization

extension SimulatedCard {
  /// Invented; the number is the specimen of GB 11643.
  static let sample = SimulatedCard(
    name: "王秀兰", sex: "2", ethnicity: "01", birth: "19491231", address: "平澜街道桂花弄12号",
    idNumber: "11010519491231002X", issuer: "平澜街道", validFrom: "20100101", validTo: "长期")
  static let permit = SimulatedCard(
    kind: .permit, name: "陈样张", sex: "1", birth: "19940823", address: "样张路3号",
    idNumber: "810000199408230021", issuer: "平澜街道", validFrom: "20190901", validTo: "20240831",
    passNumber: "H12345678", issueCount: "01")
  static let foreigner2017 = SimulatedCard(
    kind: .foreigner2017, name: "史密斯", nameEnglish: "SMITH, SPECIMEN", sex: "2", nationality: "GBR",
    birth: "19810803", idNumber: "GBR310081080301", issuer: "1500", validFrom: "20170601",
    validTo: "20270531")
  static let foreigner2023 = SimulatedCard(
    kind: .foreigner2023, name: "安", nameEnglish: "SPECIMEN, ANN", sex: "2", nationality: "CAN",
    birth: "19810803", idNumber: "911124198108030024", validFrom: "20231201", validTo: "20331130",
    issueCount: "02")
}

enum Requests {
  static let preamble: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69]
  static let find = preamble + [0x00, 0x03, 0x20, 0x01, 0x22]
  static let select = preamble + [0x00, 0x03, 0x20, 0x02, 0x21]
  static let read = preamble + [0x00, 0x03, 0x30, 0x01, 0x32]
  static let address = preamble + [0x00, 0x03, 0x30, 0x03, 0x30]
  static let moduleID = preamble + [0x00, 0x03, 0x12, 0xFF, 0xEE]
}

enum Answers {
  static let found = Requests.preamble + [0x00, 0x08, 0, 0, 0x9F, 0, 0, 0, 0, 0x97]
  static let noCard = Requests.preamble + [0x00, 0x04, 0, 0, 0x80, 0x84]
  static let selected =
    Requests.preamble + [0x00, 0x0C, 0, 0, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0x9C]
  static let notSelected = Requests.preamble + [0x00, 0x04, 0, 0, 0x81, 0x85]
  static let readFailed = Requests.preamble + [0x00, 0x04, 0, 0, 0x41, 0x45]
}

enum Slip {
  /// A raster of `rows` rows of `rowBytes` bytes.
  static func raster(rowBytes: Int, rows: Int, of byte: UInt8 = 0xFF) -> [UInt8] {
    [0x1D, 0x76, 0x30, 0, UInt8(rowBytes), 0, UInt8(rows & 255), UInt8(rows >> 8)]
      + Array(repeating: byte, count: rowBytes * rows)
  }
  static let initialise: [UInt8] = [0x1B, 0x40]
  static let cut: [UInt8] = [0x1D, 0x56, 0x00]
  static let askInOrder: [UInt8] = [0x1D, 0x72, 0x01]
  static let clear: [UInt8] = [0x10, 0x05, 0x02]
  static func ask(_ kind: UInt8) -> [UInt8] { [0x10, 0x04, kind] }
  static let plain = initialise + raster(rowBytes: 4, rows: 3) + cut
}

/// Counts upwards, so that tests need no real clock.
final class CountingClock: Sendable {
  private let count = Mutex(UInt64(0))

  func now() -> UInt64 {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

extension EventLog {
  static func counting() -> EventLog {
    let clock = CountingClock()
    return EventLog { clock.now() }
  }
}
