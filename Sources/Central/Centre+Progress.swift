// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Hummingbird
import Records
import Wire

/// Where a filing stands, and what its holder can do.
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
      case .withdrawn: .withdrawn
      }
    return Standing(
      state: state, headline: sentence("centre.state.\(state.rawValue)"),
      advice: sentence("centre.advice.\(Self.advice(on: record, state))"))
  }

  private static func advice(on record: CaseRecord?, _ state: ProgressReply.State) -> String {
    switch (state, record?.kind, record?.reason) {
    case (.refused, _, .matterWithdrawn): "matterWithdrawn"
    case (.refused, _, .claimMismatch): "claimMismatch"
    case (.received, .withdrawal, _): "withdrawal"
    case (.received, .correction, _): "correction"
    default: state.rawValue
    }
  }

  /// What the number alone tells. A kept copy serves only once it was asked whether it is
  /// still true.
  func state(of number: CaseNumber, for request: Request) async throws -> Response {
    let reply = reply(number, try await store.publicApplication(number))
    return Answer.cacheable(
      Canonical.encode(reply), mediaType: "application/json", control: "private, no-cache",
      for: request)
  }

  /// - Parameter address: whose wrong codes are counted beside the number's.
  func claimedProgress(_ request: Request, from address: String?) async throws -> Response {
    let message = try ProgressRequest.decode(try await Asking.body(of: request))
    guard let number = CaseNumber(message.number) else { throw ProblemDetails.illFormedNumber }
    guard let code = ClaimCode(message.claimCode) else { throw ProblemDetails.illFormedClaimCode }
    return Answer.json(try await progress(of: number, claimedWith: code, from: address))
  }

  /// What number and claim code tell together.
  private func progress(
    of number: CaseNumber, claimedWith code: ClaimCode, from address: String?
  ) async throws -> ProgressReply {
    let now = clock.now().at
    let outcome = try await store.claim(
      number, hash: ClaimHash.of(number, code), from: address, at: now, limits: claimLimits)
    meter.count(claim: outcome)
    switch outcome {
    case .right(let record): return detailed(reply(number, record), record)
    case .wrong: throw ProblemDetails.claimCodeWrong
    case .resting(let until):
      throw ProblemDetails.claimCodesResting(
        seconds: max(1, (until.milliseconds - now.milliseconds + 999) / 1000))
    case .nothingToClaim: return reply(number, try await store.publicApplication(number))
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
      reply.matter = routing.matter.map { nameOfMatter($0) ?? Words.Sentence(zh: $0, en: $0) }
      reply.filedAt = routing.time.at
      reply.timeQuality = routing.time.quality
    }
    return reply
  }
}
