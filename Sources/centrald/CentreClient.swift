// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Central
import NIOCore
import NIOHTTP1

/// Asks a running centre as a clerk does.
struct CentreClient: CentreLink {
  private static let patience = TimeAmount.seconds(30)
  private static let most = 64 * 1024 * 1024

  let client: HTTPClient
  /// `http://…`, without a slash at the end.
  let address: String

  /// - Parameter given: URL as a person writes it.
  init(client: HTTPClient, given: String) {
    self.client = client
    address = given.hasSuffix("/") ? String(given.dropLast()) : given
  }

  func ask(_ question: CentreQuestion) async throws -> CentreAnswer {
    var request = HTTPClientRequest(url: address + question.path)
    request.method = question.isPost ? .POST : .GET
    request.headers.add(name: "Authorization", value: "Bearer \(question.token)")
    if question.isPost {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(question.body)
    }
    let response = try await client.execute(request, timeout: Self.patience)
    let body = try await response.body.collect(upTo: Self.most)
    return CentreAnswer(
      status: Int(response.status.code),
      mediaType: response.headers.first(name: "content-type") ?? "application/octet-stream",
      body: Array(body.readableBytesView))
  }

  /// While `body` runs. Redirections are not followed: they would carry the token away.
  static func with<Value>(
    _ address: String, _ body: (CentreClient) async throws -> Value
  ) async throws -> Value {
    let client = HTTPClient(
      eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(CentreClient(client: client, given: address)))
    } catch {
      result = .failure(error)
    }
    try await client.shutdown()
    return try result.get()
  }
}

/// `--centre URL --data DIR`: a command that asks a running centre.
extension CentreClient {
  /// The body of a good answer; what else came is said.
  func body(of question: CentreQuestion) async throws -> [UInt8] {
    let answer: CentreAnswer
    do {
      answer = try await ask(question)
    } catch {
      throw Refusal("\(address) does not answer: \(error)")
    }
    guard answer.status == 200 else {
      throw Refusal("\(address) answers \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
    }
    return answer.body
  }
}
