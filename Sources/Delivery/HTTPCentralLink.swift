// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Wire

/// The centre over HTTP.
public struct HTTPCentralLink: CentralLink {
  private let client: HTTPClient
  private let centre: String
  private let patience: TimeAmount

  /// - Parameter centre: the base of its addresses, `http://host:port`.
  public init(client: HTTPClient, centre: String, patience: TimeAmount = .seconds(15)) {
    self.client = client
    self.centre = centre
    self.patience = patience
  }

  public func deliver(_ batch: BatchRequest) async -> CentralAnswer {
    var request = HTTPClientRequest(url: centre + "/v1/batches")
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "Accept", value: BatchReply.mediaType)
    request.body = .bytes(Canonical.encode(batch))
    do {
      let response = try await client.execute(request, timeout: patience)
      let body = try await response.body.collect(upTo: 4 << 20)
      return CentralAnswer.read(
        status: Int(response.status.code), contentType: response.headers.first(name: "Content-Type"),
        retryAfter: response.headers.first(name: "Retry-After"),
        body: Array(body.readableBytesView), batch: batch.batch)
    } catch {
      return .unreachable
    }
  }
}
