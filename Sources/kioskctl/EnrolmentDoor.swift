// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import Records
import Wire

/// The centre's door for terminals that it does not know yet.
struct EnrolmentDoor {
  let centre: String

  /// The authority that the ticket names. Whoever answers is asked, and only what bears the
  /// ticket's mark is believed.
  func authority(of ticket: EnrolmentTicket) async throws -> NIOSSLCertificate {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv13
    tls.certificateVerification = .none
    var request = HTTPClientRequest(url: centre + "/v1/authority")
    request.tlsConfiguration = tls
    let (status, body) = try await answer(to: request)
    let offered = status == .ok ? (try? NIOSSLCertificate.fromPEMBytes(body)) ?? [] : []
    guard
      let authority = try offered.first(where: {
        EnrolmentTicket.mark(of: try $0.toDERBytes()) == ticket.mark
      })
    else {
      throw Refusal(
        "who answers at \(centre) is not the centre that gave this ticket; check address and ticket")
    }
    return authority
  }

  func enrol(
    _ enrolment: EnrolmentRequest, authority: NIOSSLCertificate
  ) async throws -> EnrolmentReply {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv13
    tls.trustRoots = .certificates([authority])
    var request = HTTPClientRequest(url: centre + "/v1/enrolments")
    request.tlsConfiguration = tls
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.body = .bytes(Canonical.encode(enrolment))
    let (status, body) = try await answer(to: request)
    guard (200...299).contains(status.code) else {
      throw Refusal(
        "the centre refused the enrolment (\(status.code)); a ticket works once: ask for a new one")
    }
    do throws(WireFault) {
      return try EnrolmentReply.decode(body)
    } catch {
      throw Refusal("the centre's answer was not understood: \(error)")
    }
  }

  private func answer(to request: HTTPClientRequest) async throws -> (HTTPResponseStatus, [UInt8]) {
    var why: (any Error)?
    guard let answer = try await Web.answer(to: request, limit: 1 << 20, fault: { why = $0 }) else {
      let reason = why.map { " (\($0))" } ?? ""
      throw Refusal(
        "the centre did not answer\(reason); run this again with the same ticket, it is not spent")
    }
    return answer
  }
}
