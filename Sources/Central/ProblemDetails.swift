// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Records
import Wire

/// A refusal of a request, RFC 9457.
struct ProblemDetails: Error, Codable, Hashable, Sendable {
  static let mediaType = "application/problem+json"

  var type: String
  var title: String
  var status: Int
  var detail: String?
  /// Goes into `Retry-After`.
  var retryAfterSeconds: Int64?
  /// Goes into `Allow`.
  var allow: String?

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
    "page-ill-formed", "Cursor, limit or filter is not well formed", .badRequest)
  static let illFormedNonce = ProblemDetails(
    "nonce-ill-formed", "A nonce is 32 characters of lower-case hexadecimal", .badRequest)
  static let illFormedPlace = ProblemDetails(
    "place-ill-formed", "Last-Event-ID or version is no number", .badRequest)
  static let notInflated = ProblemDetails(
    "body-not-inflated", "The body is not what its Content-Encoding says", .badRequest)
  static let noKey = ProblemDetails("no-key", "The public key is no Ed25519 key", .badRequest)
  static let claimCodeWrong = ProblemDetails(
    "claim-code-wrong", "The claim code does not match the number", .forbidden)
  static let enrolmentCode = ProblemDetails(
    "enrolment-code", "The code is unknown, over its time, or spent", .forbidden)
  static let terminalUnknown = ProblemDetails(
    "terminal-unknown", "The certificate is unknown, revoked or over its time", .forbidden)
  static let terminalDiffers = ProblemDetails(
    "terminal-unknown", "The request names another terminal than the certificate", .forbidden)
  static let notFound = ProblemDetails(status: .notFound)
  static let unauthorised = ProblemDetails(status: .unauthorized)

  static let unavailable: ProblemDetails = {
    var problem = ProblemDetails(status: .serviceUnavailable)
    problem.retryAfterSeconds = 5
    return problem
  }()

  static func methodNotAllowed(_ allow: String) -> ProblemDetails {
    var problem = ProblemDetails(status: .methodNotAllowed)
    problem.allow = allow
    return problem
  }

  static func claimCodesResting(seconds: Int64) -> ProblemDetails {
    var problem = ProblemDetails(
      "claim-codes-resting", "Too many wrong claim codes", .tooManyRequests)
    problem.retryAfterSeconds = seconds
    return problem
  }

  static func notUnderstood(_ detail: String) -> ProblemDetails {
    ProblemDetails(
      "not-understood", "The request is not understood", .unprocessableContent, detail: detail)
  }

  var bytes: [UInt8] { Canonical.encode(self) }

  var response: Response {
    var headers = HTTPFields()
    headers[.contentType] = Self.mediaType
    headers[.cacheControl] = "no-store"
    if let retryAfterSeconds { headers[.retryAfter] = String(retryAfterSeconds) }
    if let allow { headers[.allow] = allow }
    if status == HTTPResponse.Status.unauthorized.code { headers[.wwwAuthenticate] = "Bearer" }
    return Response(
      status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
