// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Certificates
import Logging
import Records
import Wire

extension Centre {
  /// Spends a one-time code.
  func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentReply {
    guard SignatureCheck.isKey(request.publicKey.bytes) else { throw ProblemDetails.noKey }
    guard let code = EnrolmentCode(request.code) else { throw ProblemDetails.enrolmentCode }
    // Made before the code is spent: a request that cannot be certified spends nothing.
    let make = try certificate(for: request.certificateRequest)
    let address = terminalsAddress.current
    guard !address.isEmpty else { throw ProblemDetails.unavailable }
    let enrolled = try await enrolled(code, request.publicKey.bytes)
    guard let allotment = enrolled.allotments.first else { throw ProblemDetails.unavailable }
    let right = CertificateRight.enrolment(codeHash: code.hash)
    guard let certificate = try await issue(to: enrolled.terminal, by: right, make) else {
      throw ProblemDetails.enrolmentCode
    }
    await enrolmentCodes.forget(code.hash)
    logger.info("terminal enrolled", metadata: ["terminal": "\(enrolled.terminal)"])
    return EnrolmentReply(
      identity: TerminalIdentity(
        terminal: enrolled.terminal, area: enrolled.area, allotment: allotment, centre: address,
        routingKey: keys.routing.sealingKey, contentKey: keys.content, root: keys.root,
        authority: try authority.current.certificate, timeKey: keys.time.publicKey,
        enrolledAt: enrolled.time),
      certificate: certificate)
  }

  private func enrolled(_ code: EnrolmentCode, _ publicKey: [UInt8]) async throws -> Enrolled {
    let now = clock.now().at
    if let known = try await store.enrolment(byCodeHash: code.hash) {
      // An answer that was lost is asked for again soon.
      let end = known.time.advanced(bySeconds: EnrolmentPromise.lifetimeSeconds)
      guard known.publicKey == publicKey, now < end else { throw ProblemDetails.enrolmentCode }
      return known
    }
    guard let promise = await enrolmentCodes.promise(of: code.hash), now < promise.validUntil,
      let enrolled = try await store.enrol(
        Enrolment(
          terminal: promise.terminal, area: promise.area, publicKey: publicKey,
          codeHash: code.hash, time: now))
    else { throw ProblemDetails.enrolmentCode }
    // The store has revoked what bore the name before.
    forgetPeers(of: enrolled.terminal)
    return enrolled
  }

  func renew(_ request: CertificateRenewal, for peer: Peer) async throws -> CertificateReply {
    let make = try certificate(for: request.certificateRequest)
    guard let certificate = try await issue(to: peer.terminal, by: .renewal(of: peer.fingerprint), make)
    else { throw ProblemDetails.terminalUnknown }
    logger.info("certificate renewed", metadata: ["terminal": "\(peer.terminal)"])
    return CertificateReply(
      certificate: certificate, authority: try authority.current.certificate)
  }

  private typealias Certify = (_ terminal: String, _ term: CertificateAuthority.Term) throws -> String

  /// Looks at the request, whoever it will be for.
  private func certificate(for request: String) throws -> Certify {
    let authority = authority.current
    let certify: Certify = { terminal, term in
      do throws(CertificateFault) {
        return try authority.certify(terminal: terminal, request: request, term: term)
      } catch {
        throw ProblemDetails.notUnderstood("certificateRequest: \(error)")
      }
    }
    _ = try certify("trial", term())
    return certify
  }

  /// Nil when `right` ended while the request was under way.
  private func issue(
    to terminal: String, by right: CertificateRight, _ certify: Certify
  ) async throws -> String? {
    let certificate = try certify(terminal, term())
    let made = try PeerCertificate(pem: certificate)
    let issued = IssuedCertificate(
      fingerprint: made.fingerprint, serial: made.serial, terminal: terminal,
      notAfter: made.notAfter)
    let isKept = try await store.certified(issued, by: right, at: clock.now().at)
    return isKept ? certificate : nil
  }

  private func term() -> CertificateAuthority.Term {
    .init(serial: chance.bytes(16), from: clock.now().at, days: certificateDays)
  }
}
