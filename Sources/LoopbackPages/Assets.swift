// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

/// The page's own files, read once at the start: a request names one of them or nothing.
public struct Assets: Sendable {
  private let files: [String: [UInt8]]

  /// - Parameter files: name, without folders, to bytes.
  public init(_ files: [String: [UInt8]]) { self.files = files }

  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
  ]

  /// 404 for any other name.
  public func response(_ name: String) -> Response {
    guard let bytes = files[name], let ending = name.split(separator: ".").last,
      let type = Self.types[String(ending)]
    else { return Response(status: .notFound) }
    return Response(
      status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
