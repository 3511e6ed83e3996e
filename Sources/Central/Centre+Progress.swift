// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Wire

/// Where an application stands, and what its holder can do.
struct Standing: Hashable, Sendable {
  var state: ProgressReply.State
  var headline: Words.Sentence
  var advice: Words.Sentence

  /// A refusal is only told together with what to do.
  var words: Words.Sentence {
    guard state == .refused else { return headline }
    return Words.Sentence(zh: headline.zh + advice.zh, en: headline.en + " " + advice.en)
  }
}

extension Centre {
  func standing(of record: CaseRecord?) -> Standing {
    let state: ProgressReply.State =
      switch record?.state {
      case nil: .notArrived
      case .received, .held: .received
      case .refused: .refused
      }
    let advice = record?.reason == .matterWithdrawn ? "matterWithdrawn" : state.rawValue
    return Standing(
      state: state, headline: sentence("centre.state.\(state.rawValue)"),
      advice: sentence("centre.advice.\(advice)"))
  }

  /// What the number alone tells.
  func progress(of number: CaseNumber) async throws -> ProgressReply {
    reply(number, try await store.publicApplication(number))
  }

  /// What number and claim code tell together.
  func progress(of number: CaseNumber, claimedWith code: ClaimCode) async throws -> ProgressReply {
    let now = clock.now().at
    let outcome = try await store.claim(
      number, hash: ClaimHash.of(number, code), at: now, limit: claimLimit)
    switch outcome {
    case .right(let record): return detailed(reply(number, record), record)
    case .wrong: throw ProblemDetails.claimCodeWrong
    case .resting(let until):
      throw ProblemDetails.claimCodesResting(
        seconds: max(1, (until.milliseconds - now.milliseconds + 999) / 1000))
    case .nothingToClaim: return try await progress(of: number)
    }
  }

  private func reply(_ number: CaseNumber, _ record: CaseRecord?) -> ProgressReply {
    let standing = standing(of: record)
    return ProgressReply(number: number, state: standing.state, words: standing.words)
  }

  private func detailed(_ reply: ProgressReply, _ record: CaseRecord) -> ProgressReply {
    var reply = reply
    reply.receivedAt = record.receivedAt
    reply.caseNumber = record.caseNumber
    if let routing = record.routing {
      reply.matter = routing.matter.map { matters[$0] ?? Words.Sentence(zh: $0, en: $0) }
      reply.filedAt = routing.time.at
      reply.timeQuality = routing.time.quality
    }
    return reply
  }
}
