// SPDX-License-Identifier: Apache-2.0

import Certificates
import Delivery
import DeviceKit
import Records
import ServiceLifecycle
import Storage
import Upkeep

/// Looks every few seconds at what changes without anybody telling: the clock, the term of
/// the certificate, what the centre could not take. Says it on the board.
struct Rounds: Service {
  let board: Board
  let clock: SystemClock
  let credentials: TerminalCredentials
  let door: LedgerDoor

  /// Milliseconds; the clock helper sets it when it is wrong by two seconds.
  private static var mostError: Int64 { 15_000 }
  private static var between: Duration { .seconds(5) }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      // The centre is asked for the time at the start: its answer is given a moment.
      board.report(Board.clock, .starting)
      if clock.now().quality == .unknown { lookAtClock() }
      await lookAtOutbox()
      while !Task.isCancelled {
        // Throws only when cancelled, which the loop sees.
        try? await Task.sleep(for: Self.between)
        guard !Task.isCancelled else { return }
        lookAtClock()
        lookAtCertificate()
        await lookAtOutbox()
      }
    }
  }

  private func lookAtClock() {
    board.report(Board.clock, clock.now().quality.state)
    guard let witness = clock.witness.now else { return }
    let error = MachineClocks.read().error(against: witness) ?? 0
    board.report(Board.systemClock, error > Self.mostError ? .failed(.clockNotSet) : .ready)
  }

  private func lookAtCertificate() {
    let now = clock.now()
    // Under a clock that is certainly wrong nobody can say.
    guard now.quality != .unknown else { return }
    let certificate = credentials.certificate
    board.report(
      Board.certificate, certificate.state(at: now.at), places: ["until": Day(certificate.notAfter).dashed])
  }

  private func lookAtOutbox() async {
    // A ledger that cannot be read speaks for itself on the board.
    guard let refused = try? await door.ledger().counts().refused else { return }
    board.report(
      Board.outbox, refused == 0 ? .ready : .attention(.outboxRefused),
      places: refused == 0 ? [:] : ["count": String(refused)])
  }
}

extension PeerCertificate {
  /// Renewal is tried from two thirds of the term on; when that has not worked by five sixths,
  /// somebody should look.
  func state(at time: Timestamp) -> DeviceState {
    let term = notAfter.milliseconds - notBefore.milliseconds
    if time > notAfter { return .failed(.certificateExpired) }
    let isLate = time.milliseconds > notAfter.milliseconds - term / 6
    return isLate ? .attention(.certificateExpiring) : .ready
  }
}
