// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension HTTPCentralLink {
  /// Ends also when the credentials are replaced, so that the stream does not outlive the
  /// certificate it was opened with.
  public func events(
    after id: String?, hear: @escaping @Sendable ([UInt8]) async -> Void
  ) async -> LinkTrouble? {
    let replaced = credentials?.untilReplaced()
    return await withTaskGroup(of: LinkTrouble?.self) { race in
      race.addTask { await listen(after: id, hear: hear) }
      if let replaced {
        race.addTask {
          for await _ in replaced {}
          return nil
        }
      }
      defer { race.cancelAll() }
      return await race.next() ?? nil
    }
  }

  private func listen(
    after id: String?, hear: @escaping @Sendable ([UInt8]) async -> Void
  ) async -> LinkTrouble? {
    var asking = request(.GET, "/v1/events", accept: ServerSentEvents.mediaType)
    asking.headers.add(name: "Cache-Control", value: "no-store")
    if let id { asking.headers.add(name: "Last-Event-ID", value: id) }
    let response: HTTPClientResponse
    do {
      response = try await client.execute(try secured(asking, as: credentials), timeout: patience)
    } catch {
      return LinkTrouble(connection: error)
    }
    let status = Int(response.status.code)
    guard status == 200, response.mediaType == ServerSentEvents.mediaType else {
      return LinkTrouble(status: status, retryAfter: nil)
    }
    await hear([])
    do {
      for try await chunk in response.body { await hear(Array(chunk.readableBytesView)) }
    } catch {
      // A cut stream is what reconnecting is for; but a certificate refused late is said.
      let trouble = LinkTrouble(connection: error)
      return trouble == .unreachable ? nil : trouble
    }
    return nil
  }
}
