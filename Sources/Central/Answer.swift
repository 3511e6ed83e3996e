// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Wire

/// How answers look.
enum Answer {
  /// Pieces in which a long answer is written: one big write would keep its buffers for as
  /// long as the connection lives.
  private static let piece = 4096

  static func json(
    _ value: some Encodable, status: HTTPResponse.Status = .ok, mediaType: String = "application/json"
  ) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = mediaType
    headers[.cacheControl] = "no-store"
    return Response(
      status: status, headers: headers,
      body: .init(byteBuffer: ByteBuffer(bytes: Canonical.encode(value))))
  }

  static func text(_ text: String, mediaType: String) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = mediaType
    headers[.cacheControl] = "no-store"
    return Response(
      status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
  }

  /// An answer that the asker may keep: 304 when he has the very same. The tag is weak,
  /// since gzip makes other bytes of it.
  static func cacheable(
    _ bytes: [UInt8], mediaType: String, control: String, for request: Request
  ) -> Response {
    let tag = "W/\"\(Fingerprint.text(bytes).prefix(20))\""
    var headers = HTTPFields()
    headers[.eTag] = tag
    headers[.cacheControl] = control
    if matches(tag, request.headers[.ifNoneMatch]) {
      return Response(status: .notModified, headers: headers)
    }
    headers[.contentType] = mediaType
    return Response(status: .ok, headers: headers, body: body(bytes))
  }

  /// RFC 9110, 13.1.2, weak comparison.
  private static func matches(_ tag: String, _ asked: String?) -> Bool {
    guard let asked else { return false }
    let opaque = tag.dropFirst(2)
    return asked.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      .contains { $0 == "*" || $0 == opaque || $0 == tag }
  }

  private static func body(_ bytes: [UInt8]) -> ResponseBody {
    guard bytes.count > piece else { return .init(byteBuffer: ByteBuffer(bytes: bytes)) }
    return ResponseBody(contentLength: bytes.count) { writer in
      for start in stride(from: 0, to: bytes.count, by: piece) {
        try await writer.write(ByteBuffer(bytes: bytes[start..<min(start + piece, bytes.count)]))
      }
      try await writer.finish(nil)
    }
  }
}
