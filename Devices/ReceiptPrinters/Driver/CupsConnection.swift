// SPDX-License-Identifier: Apache-2.0

import CCUPS

/// One connection to cupsd over its Unix socket. Every call blocks, at most some seconds;
/// the error of a call is kept by libcups for the thread, so it is read before returning.
final class CupsConnection {
  /// Seconds that libcups waits for cupsd to go on.
  private static let patience = 3.0

  private let http: OpaquePointer

  /// Nil when nobody listens.
  init?(_ socket: String) {
    let wait = Int32(Self.patience * 1000)
    guard
      let http = httpConnect2(
        socket, 631, nil, AF_UNSPEC, HTTP_ENCRYPTION_NEVER, 1, wait, nil)
    else { return nil }
    self.http = http
    httpSetTimeout(http, Self.patience, { _, _ in 0 }, nil)
  }

  deinit { httpClose(http) }

  /// Sends a request with what follows it; nil when the connection is of no use any more.
  func exchange(_ request: IppMessage, _ resource: String, _ data: [UInt8]) -> IppMessage? {
    let length = ippLength(request.pointer) + data.count
    guard cupsSendRequest(http, request.pointer, resource, length) == HTTP_STATUS_CONTINUE else {
      httpFlush(http)
      return nil
    }
    let isSent = data.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        characters.isEmpty
          || cupsWriteRequestData(http, characters.baseAddress, characters.count)
            == HTTP_STATUS_CONTINUE
      }
    }
    guard isSent else { return nil }
    return cupsGetResponse(http, resource).map(IppMessage.init)
  }
}
