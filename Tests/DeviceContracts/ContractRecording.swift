// SPDX-License-Identifier: Apache-2.0

import DeviceLinks
import Foundation

/// The recording of one scene, beside the card readers. The suite plays it, and makes it anew
/// from the simulator when it is told a folder (Devices/README.md).
struct ContractRecording {
  let clause: String

  private static let own = "Tests/DeviceContracts/ContractRecording.swift"
  static let folder = String(#filePath.dropLast(own.count)) + "Devices/CardReaders/Recordings"

  /// Where recordings are to be written, if they are.
  private static let out = ProcessInfo.processInfo.environment["NIGHTDESK_RECORD_TO"]

  /// `USB: outstall` lies in `usb-outstall.exchange`.
  private var name: String {
    clause.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-") + ".exchange"
  }

  /// The link on which the scene shows most.
  private var source: ContractLink {
    clause.hasPrefix("USB: ") || clause == "reset by the bus" ? .usbTwo : .serial
  }

  func isMade(on link: ContractLink) -> Bool { Self.out != nil && link == source }

  func read() throws -> ExchangeFile {
    try ExchangeFile(String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8))
  }

  func write(_ recorder: ExchangeRecorder) throws {
    guard let out = Self.out else { return }
    let file = recorder.recording(remarks: [
      clause, "Recorded of the simulated reader on a link of this kind: \(source.rawValue). No hardware.",
    ])
    try file.text.write(toFile: "\(out)/\(name)", atomically: true, encoding: .utf8)
  }
}

/// The suite's cards bear invented persons with published specimen numbers: nothing has to
/// be taken out.
struct InventedPersons: ExchangeScrubber {
  func scrub(_ exchanges: [Exchange]) -> [Exchange] { exchanges }
}
