// SPDX-License-Identifier: Apache-2.0

import Control
import DeviceKit
import Records
import Storage
import Upkeep
import Wire

/// What the control socket answers.
struct Answers {
  let door: LedgerDoor
  let board: Board
  let words: Words
  let enquiries: any Enquiry
  let caretaking: Caretaking
  let seal: SealCheck

  var doctor: @Sendable () -> [DoctorLine] {
    let (board, words) = (board, words)
    return { board.entries.sorted { $0.key < $1.key }.map { Self.line($0.key, $0.value, words) } }
  }

  var all: ControlAnswers {
    let (door, enquiries, seal, doctor) = (door, enquiries, seal, doctor)
    return ControlAnswers(
      doctor: doctor, devices: caretaking.lines, restart: caretaking.restart,
      ledger: { try await door.ledger().check { seal.fault(of: $0) } },
      counts: { try await door.ledger().counts() },
      outbox: { try await door.ledger().outboxRows(limit: $0) },
      outboxRow: { try await door.ledger().outboxRow($0) },
      retry: { RetryAnswer(waitsAgain: try await door.ledger().retry($0)) },
      export: { try await Self.part(of: door.ledger(), after: $0, limit: $1) },
      progress: { question in
        do throws(EnquiryFault) {
          return ProgressAnswer(
            try await enquiries.progress(of: question.number, code: question.claimCode))
        } catch {
          return ProgressAnswer(error)
        }
      })
  }

  private static func part(
    of ledger: Ledger, after row: Int64, limit: Int
  ) async throws(StoreFault) -> ExportPart {
    let found = try await ledger.export(after: row, limit: limit)
    return ExportPart(
      lines: found.map { String(decoding: ExportFile.line($0.envelope).dropLast(), as: UTF8.self) },
      last: found.last?.row, audit: try? await ledger.head())
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
