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

/// Lets clerks in.
struct ClerkMiddleware<Context: RequestContext>: RouterMiddleware {
  let centre: Centre

  @concurrent func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard let header = request.headers[.authorization], header.hasPrefix("Bearer "),
      centre.isClerk(String(header.dropFirst("Bearer ".count)))
    else { throw ProblemDetails.unauthorised }
    return try await next(request, context)
  }
}
