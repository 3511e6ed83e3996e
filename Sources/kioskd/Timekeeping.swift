// SPDX-License-Identifier: Apache-2.0

import Delivery
import DeviceKit
import DurableSQLite
import Foundation
import Logging
import Records
import Upkeep
import Wire

/// Takes the centre's signed time, and proposes to the clock helper to set the kernel's clock
/// by it. Sets nothing itself.
struct Timekeeping: Sendable {
  let witness: LastWitness
  let proposal: String
  let logger: Logger

  /// Smaller errors are left to whatever disciplines the kernel's clock.
  private static let tolerated: Int64 = 2000

  func take(_ asked: AskedTime) {
    let reading = MachineClocks.read()
    let new = TimeWitness(at: asked.at, boot: reading.boot)
    witness.keep(new)
    let doubt = asked.roundTrip.milliseconds / 2
    guard let error = reading.error(against: new), error > Self.tolerated + doubt else { return }
    logger.notice("clock differs from signed time", metadata: ["milliseconds": "\(error)"])
    propose(asked, reading)
  }

  private func propose(_ asked: AskedTime, _ reading: ClockReading) {
    let sinceSigned = asked.at.milliseconds - asked.signed.at.milliseconds
    let bytes = Canonical.encode(
      ClockProposal(signed: asked.signed, boot: reading.boot - sinceSigned))
    do {
      let folder = (proposal as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try DurableFile.replace(proposal, with: bytes)
    } catch {
      logger.warning("clock proposal cannot be written", metadata: ["fault": "\(error)"])
    }
  }
}

extension TimeQuality {
  /// What it means on the board.
  var state: DeviceState {
    switch self {
    case .synchronised: .ready
    case .running: .attention(.clockUnvouched)
    case .unknown: .attention(.clockUnknown)
    }
  }
}

extension Duration {
  var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
