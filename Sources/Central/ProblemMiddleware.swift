// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Logging
import Records
import Wire

/// Turns whatever was thrown into an RFC 9457 answer.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
  let logger: Logger

  @concurrent func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let problem as ProblemDetails {
      return problem.response
    } catch let fault as StoreFault {
      logger.error("store does not serve", metadata: ["fault": "\(fault)"])
      return ProblemDetails.unavailable.response
    } catch let fault as WireFault {
      return ProblemDetails.notUnderstood("\(fault)").response
    } catch let error as any HTTPResponseError {
      return ProblemDetails(status: error.status).response
    } catch {
      logger.error("request failed", metadata: ["error": "\(type(of: error))"])
      return ProblemDetails(status: .internalServerError).response
    }
  }
}

/// The secret of the clerks, compared in a time that says nothing of it.
struct ClerkToken: Sendable {
  private let expected: [UInt8]

  init(_ token: String) { expected = Fingerprint.bytes(Array(token.utf8)) }

  func require(_ request: Request) throws {
    guard let header = request.headers[.authorization], header.hasPrefix("Bearer ") else {
      throw ProblemDetails.unauthorised
    }
    let given = Fingerprint.bytes(Array(header.dropFirst("Bearer ".count).utf8))
    let difference = zip(given, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
    guard difference == 0 else { throw ProblemDetails.unauthorised }
  }
}
