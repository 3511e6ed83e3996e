// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Logging
import Records
import Wire

extension Centre {
  /// A word on each envelope, after all of them are durable.
  func take(_ request: BatchRequest, from peer: Peer) async throws -> BatchReply {
    guard request.terminal == peer.terminal else { throw ProblemDetails.terminalDiffers }
    guard request.batch.unicodeScalars.count <= 128 else {
      throw ProblemDetails.notUnderstood("batch: at most 128 characters")
    }
    let verdicts = try await verdicts(on: request.envelopes, from: peer.terminal)
    var reply = BatchReply(batch: request.batch, verdicts: verdicts)
    if let audit = request.audit, try await isCut(audit, of: peer.terminal) { reply.auditCut = true }
    return reply
  }

  private func isCut(_ audit: AuditHead, of terminal: String) async throws -> Bool {
    guard audit.entries >= 0, audit.chain.utf8.count == 64, Hex.bytes(audit.chain.utf8) != nil else {
      throw ProblemDetails.notUnderstood("audit: no head of a chain")
    }
    let standing = try await store.keepAudit(audit, of: terminal, at: clock.now().at)
    guard standing == .cut else { return false }
    logger.error("audit chain is cut", metadata: ["terminal": "\(terminal)"])
    return true
  }

  /// - Parameter peer: the terminal that delivered; nil for what a person carried.
  func verdicts(
    on messages: [EnvelopeMessage], from peer: String?
  ) async throws -> [VerdictMessage] {
    let arrivals = try await arrivals(of: messages, from: peer)
    let now = clock.now().at
    let begun = elapsed()
    let verdicts = try await store.take(
      arrivals, at: now, due: Verdicts.due(after: now), judge: Verdicts.decision)
    meter.count(batchIn: elapsed() - begun, verdicts)
    log(verdicts)
    return zip(arrivals, verdicts).map { VerdictMessage(id: $0.envelope.id, $1) }
  }

  private func arrivals(
    of messages: [EnvelopeMessage], from peer: String?
  ) async throws -> [Arrival] {
    let opener = try RoutingOpener(privateKey: keys.routing.privateKey)
    var enrolments: [String: [Enrolled]] = [:]
    var arrivals: [Arrival] = []
    for (place, message) in messages.enumerated() {
      let (envelope, header) = try read(message, at: place)
      if enrolments[header.terminal] == nil {
        enrolments[header.terminal] = try await store.enrolments(of: header.terminal)
      }
      let standing = Verdicts.standing(
        of: envelope, header, sentBy: enrolments[header.terminal] ?? [], opener: opener)
      arrivals.append(
        Arrival(envelope: envelope, header: header, standing: standing, peer: peer))
    }
    return arrivals
  }

  private func read(
    _ message: EnvelopeMessage, at place: Int
  ) throws -> (Envelope, EnvelopeHeader) {
    do throws(WireFault) {
      return try message.envelope()
    } catch {
      throw ProblemDetails.notUnderstood("envelopes[\(place)]: \(error)")
    }
  }

  private func log(_ verdicts: [Verdict]) {
    let counts = Dictionary(verdicts.map { ($0.word, 1) }, uniquingKeysWith: +)
    logger.info(
      "batch taken", metadata: counts.mapValues { Logger.MetadataValue.stringConvertible($0) })
  }

  /// The first word on a command stays; each repetition gets it.
  func finish(_ id: String, of peer: Peer, _ report: CommandReport) async throws -> CommandReport {
    guard (report.outcome.detail?.unicodeScalars.count ?? 0) <= 1024 else {
      throw ProblemDetails.notUnderstood("outcome.detail: at most 1024 characters")
    }
    let outcome = try await store.finish(
      command: id, of: peer.terminal, report.outcome, at: clock.now().at)
    guard let outcome else { throw ProblemDetails.notFound }
    return CommandReport(outcome: outcome)
  }

  func signedTime(nonce: String) throws -> SignedTime {
    guard SignedTime.isNonce(nonce) else { throw ProblemDetails.illFormedNonce }
    return try SignedTime(nonce: nonce, at: clock.now().at, key: keys.time)
  }
}

extension Verdict {
  /// `stored`, `already`, or why it was refused.
  var word: String {
    switch self {
    case .stored: "stored"
    case .already: "already"
    case .refused(let reason, _): reason
    }
  }
}
