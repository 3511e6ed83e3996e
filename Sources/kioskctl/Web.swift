// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Every HTTP exchange of `kioskctl`. Redirects are never followed: who is asked is who
/// answers.
enum Web {
  /// Nil when there is no answer; `fault` hears why.
  static func answer(
    to request: HTTPClientRequest, limit: Int, fault: (any Error) -> Void = { _ in }
  ) async throws -> (HTTPResponseStatus, [UInt8])? {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(5)
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let outcome: Result<(HTTPResponseStatus, [UInt8]), any Error>
    do {
      let response = try await client.execute(request, timeout: .seconds(30))
      let body = try await response.body.collect(upTo: limit)
      outcome = .success((response.status, Array(body.readableBytesView)))
    } catch {
      outcome = .failure(error)
    }
    try await client.shutdown()
    switch outcome {
    case .success(let answer): return answer
    case .failure(let error):
      fault(error)
      return nil
    }
  }
}
