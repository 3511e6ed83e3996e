// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension HTTPCentralLink {
  func request(
    _ method: HTTPMethod, _ path: String, accept: String, json: [UInt8]? = nil
  ) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: centre + path)
    request.method = method
    request.headers.add(name: "Accept", value: accept)
    if let json {
      request.headers.add(name: "Content-Type", value: Self.json)
      request.body = .bytes(json)
    }
    return request
  }

  /// One question and its whole answer, of at most `limit` bytes.
  func exchange(
    _ request: HTTPClientRequest, limit: Int, patience: TimeAmount? = nil,
    as other: TerminalCredentials? = nil
  ) async throws(LinkTrouble) -> LinkReply {
    let request = try secured(request, as: other ?? credentials)
    let (client, most) = (client, patience ?? self.patience)
    do {
      return try await within(most, on: client.eventLoopGroup.any()) {
        let response = try await client.execute(request, timeout: most)
        let body = try await response.body.collect(upTo: limit)
        // A cancelled body ends early and looks whole.
        try Task.checkCancellation()
        return LinkReply(response, body: Array(body.readableBytesView))
      }
    } catch {
      throw LinkTrouble(connection: error)
    }
  }

  /// Throws rather than let a word out in clear, or believe an authority that is not ours.
  func secured(
    _ request: HTTPClientRequest, as credentials: TerminalCredentials?
  ) throws(LinkTrouble) -> HTTPClientRequest {
    guard request.url.hasPrefix("https://") == (credentials != nil) else { throw .notTrusted }
    guard let credentials else { return request }
    var request = request
    request.tlsConfiguration = credentials.tls
    return request
  }
}

extension LinkReply {
  init(_ response: HTTPClientResponse, body: [UInt8]) {
    self.init(
      status: Int(response.status.code), mediaType: response.mediaType,
      retryAfter: response.headers.first(name: "Retry-After").flatMap {
        RetryAfter.seconds($0, date: response.headers.first(name: "Date"))
      }, body: body)
  }
}

extension HTTPClientResponse {
  /// Without parameters, in lower case.
  var mediaType: String? {
    headers.first(name: "Content-Type")?.split(separator: ";").first
      .map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
  }
}

extension TimeAmount {
  static func * (amount: TimeAmount, factor: Int64) -> TimeAmount {
    .nanoseconds(amount.nanoseconds * factor)
  }
}

/// Runs `work`, and cancels it when it takes longer than `most`. The HTTP client's own deadline
/// ends with the head of an answer; its body may trickle for ever.
func within<Value: Sendable>(
  _ most: TimeAmount, on loop: any EventLoop, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { race in
    race.addTask { try await work() }
    race.addTask {
      let timer = loop.scheduleTask(in: most) {}
      try await withTaskCancellationHandler {
        try await timer.futureResult.get()
      } onCancel: {
        timer.cancel()
      }
      throw LinkTrouble.unreachable
    }
    defer { race.cancelAll() }
    guard let first = try await race.next() else { throw LinkTrouble.unreachable }
    return first
  }
}
