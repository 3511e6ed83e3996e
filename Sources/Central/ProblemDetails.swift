// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Records
import Wire

/// A refusal of a request, RFC 9457.
struct ProblemDetails: Error, Encodable, Hashable, Sendable {
  var type: String
  var title: String
  var status: Int
  var detail: String?
  /// Goes into `Retry-After`.
  var retryAfterSeconds: Int64?

  private enum CodingKeys: String, CodingKey { case type, title, status, detail }

  init(_ name: String, _ title: String, _ status: HTTPResponse.Status, detail: String? = nil) {
    type = "urn:nightdesk:problem:" + name
    self.title = title
    self.status = status.code
    self.detail = detail
  }

  init(status: HTTPResponse.Status) {
    type = "about:blank"
    title = status.reasonPhrase
    self.status = status.code
  }

  static let illFormedNumber = ProblemDetails(
    "number-ill-formed", "This is not a well-formed application number", .badRequest)
  static let illFormedClaimCode = ProblemDetails(
    "claim-code-ill-formed", "A claim code has eight characters", .badRequest)
  static let illFormedPage = ProblemDetails(
    "page-ill-formed", "Cursor or limit is not well formed", .badRequest)
  static let noKey = ProblemDetails("no-key", "The public key is no Ed25519 key", .badRequest)
  static let claimCodeWrong = ProblemDetails(
    "claim-code-wrong", "The claim code does not match the number", .forbidden)
  static let enrolmentCode = ProblemDetails(
    "enrolment-code", "The code is unknown, over its time, or spent", .forbidden)
  static let notFound = ProblemDetails(status: .notFound)
  static let unauthorised = ProblemDetails(status: .unauthorized)
  static let unavailable = ProblemDetails(status: .serviceUnavailable)

  static func claimCodesResting(seconds: Int64) -> ProblemDetails {
    var problem = ProblemDetails(
      "claim-codes-resting", "Too many wrong claim codes for this number", .tooManyRequests)
    problem.retryAfterSeconds = seconds
    return problem
  }

  static func notUnderstood(_ detail: String) -> ProblemDetails {
    ProblemDetails(
      "not-understood", "The request is not understood", .unprocessableContent, detail: detail)
  }

  var response: Response {
    var headers = HTTPFields()
    headers[.contentType] = "application/problem+json"
    headers[.cacheControl] = "no-store"
    if let retryAfterSeconds { headers[.retryAfter] = String(retryAfterSeconds) }
    if status == HTTPResponse.Status.unauthorized.code { headers[.wwwAuthenticate] = "Bearer" }
    return Response(
      status: .init(code: status), headers: headers,
      body: .init(byteBuffer: ByteBuffer(bytes: Canonical.encode(self))))
  }
}
