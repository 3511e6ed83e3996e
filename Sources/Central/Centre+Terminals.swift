// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Logging
import Records
import Wire

extension Centre {
  /// Spends a one-time code. `address` is the URL by which the terminal came.
  func enrol(_ request: EnrolmentRequest, at address: String) async throws -> EnrolmentReply {
    guard SignatureCheck.isKey(request.publicKey.bytes) else { throw ProblemDetails.noKey }
    guard let code = EnrolmentCode(request.code) else { throw ProblemDetails.enrolmentCode }
    let enrolled = try await enrolled(code, request.publicKey.bytes)
    guard let allotment = enrolled.allotments.first else { throw ProblemDetails.unavailable }
    await enrolmentCodes.forget(code.hash)
    logger.info("terminal enrolled", metadata: ["terminal": "\(enrolled.terminal)"])
    return EnrolmentReply(
      identity: TerminalIdentity(
        terminal: enrolled.terminal, area: enrolled.area, allotment: allotment, centre: address,
        routingKey: keys.routing.sealingKey, contentKey: keys.content.sealingKey, root: keys.root,
        enrolledAt: enrolled.time))
  }

  private func enrolled(_ code: EnrolmentCode, _ publicKey: [UInt8]) async throws -> Enrolled {
    if let known = try await store.enrolment(byCodeHash: code.hash) {
      guard known.publicKey == publicKey else { throw ProblemDetails.enrolmentCode }
      return known
    }
    let now = clock.now().at
    guard let promise = await enrolmentCodes.promise(of: code.hash), now < promise.validUntil,
      let enrolled = try await store.enrol(
        Enrolment(
          terminal: promise.terminal, area: promise.area, publicKey: publicKey,
          codeHash: code.hash, time: now))
    else { throw ProblemDetails.enrolmentCode }
    return enrolled
  }

  /// A word on each envelope, after all of them are durable.
  func take(_ request: BatchRequest) async throws -> BatchReply {
    let arrivals = try await arrivals(in: request)
    let now = clock.now().at
    let verdicts = try await store.take(
      arrivals, at: now, due: Verdicts.due(after: now), judge: Verdicts.decision)
    log(verdicts)
    return BatchReply(
      batch: request.batch,
      verdicts: zip(arrivals, verdicts).map { VerdictMessage(id: $0.envelope.id, $1) })
  }

  private func arrivals(in request: BatchRequest) async throws -> [Arrival] {
    let opener = try RoutingOpener(privateKey: keys.routing.privateKey)
    var enrolments: [String: [Enrolled]] = [:]
    var arrivals: [Arrival] = []
    for (place, message) in request.envelopes.enumerated() {
      let (envelope, header) = try read(message, at: place)
      if enrolments[header.terminal] == nil {
        enrolments[header.terminal] = try await store.enrolments(of: header.terminal)
      }
      let standing = Verdicts.standing(
        of: envelope, header, sentBy: enrolments[header.terminal] ?? [], opener: opener)
      arrivals.append(Arrival(envelope: envelope, header: header, standing: standing))
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
    var counts: [String: Int] = [:]
    for verdict in verdicts {
      switch verdict {
      case .stored: counts["stored", default: 0] += 1
      case .already: counts["already", default: 0] += 1
      case .refused(let reason, _): counts[reason, default: 0] += 1
      }
    }
    logger.info(
      "batch taken", metadata: counts.mapValues { Logger.MetadataValue.stringConvertible($0) })
  }
}
