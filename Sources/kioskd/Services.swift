// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Control
import Delivery
import DeviceKit
import Logging
import Records
import Screens
import ServiceLifecycle
import Storage
import Upkeep
import Visits

struct CourierService: Service {
  let courier: Courier<ContinuousClock>
  let client: HTTPClient

  func run() async throws {
    await cancelWhenGracefulShutdown { await courier.run() }
    try await client.shutdown()
  }
}

/// Serves. What the last life left untold is settled by the desk before its first scene.
struct DeskService: Service {
  let desk: Desk
  let stage: BrowserStage
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown { await serve() }
  }

  private func serve() async {
    logger.info("serving")
    let (beats, beat) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await keepTime(beat) }
      await desk.serve(beats: beats)
      group.cancelAll()
    }
  }

  private func keepTime(_ beat: AsyncStream<Void>.Continuation) async {
    var count = 0
    while !Task.isCancelled {
      // Throws only when cancelled, which the loop sees.
      try? await Task.sleep(for: .milliseconds(1000 / Heartbeat.beatsPerSecond))
      beat.yield()
      count += 1
      if count % (10 * Heartbeat.beatsPerSecond) == 0 { stage.heartbeat() }
    }
  }
}

/// What the control socket answers.
struct Answers {
  let door: LedgerDoor
  let board: Board
  let words: Words

  var all: ControlAnswers {
    let (door, board, words) = (door, board, words)
    return ControlAnswers(
      doctor: { board.entries.sorted { $0.key < $1.key }.map { Self.line($0.key, $0.value, words) } },
      ledger: {
        let ledger = try door.ledger()
        return LedgerReport(counts: try await ledger.counts(), damage: try await ledger.damage())
      },
      counts: { try await door.ledger().counts() },
      outbox: { try await door.ledger().outboxRows(limit: $0) })
  }

  private static func line(_ item: String, _ entry: Board.Entry, _ words: Words) -> DoctorLine {
    let problem = entry.state.problem
    let sentence = problem.map { problem in
      Words.Sentence(
        zh: words(problem.staffKey, .zh, entry.places), en: words(problem.staffKey, .en, entry.places))
    }
    return DoctorLine(
      item: item, state: entry.state.word, problem: problem?.code, sentence: sentence,
      since: entry.since)
  }
}

extension DeviceState {
  var word: String {
    switch self {
    case .starting: "starting"
    case .ready: "ready"
    case .attention: "attention"
    case .absent: "absent"
    case .failed: "failed"
    }
  }
}

extension CentralAnswer {
  /// What an answer says of the way to the centre.
  var state: DeviceState {
    switch self {
    case .verdicts, .tooMuch: .ready
    case .unreachable, .later: .attention(.centreUnreachable)
    case .unknownTerminal: .failed(.centreUnknownTerminal)
    case .notUnderstood: .attention(.centreNotUnderstood)
    }
  }
}
