// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL

/// One connection at a door: TLS where the door has it, bounds on what a peer may cost,
/// gzip both ways, and HTTP/1.1.
struct DoorChannel: ServerChildChannel {
  /// 64 KB: a reader that stalls costs so much of the kernel's memory and no more.
  private static let sendBuffer: SocketOptionValue = 65_536
  /// TCP_USER_TIMEOUT of linux/tcp.h: how long sent bytes may stay unacknowledged, in
  /// milliseconds. A peer that vanished is noticed then.
  private static let userTimeout = ChannelOptions.Types.SocketOption(
    level: .tcp, name: .init(rawValue: 18))
  /// Answers below are not worth the work.
  private static let gzipFrom = 1024

  let base: HTTP1Channel
  /// Replaced when the certificate is: connections that are open keep theirs.
  let tls: Swappable<NIOSSLContext>?
  let bodySeconds: Int64

  init(
    responder: @escaping HTTPChannelHandler.Responder, tls: Swappable<NIOSSLContext>?, bodySeconds: Int64
  ) {
    // A client that falls silent within a request does not keep its connection.
    base = HTTP1Channel(responder: responder, configuration: .init(idleTimeout: .seconds(30)))
    self.tls = tls
    self.bodySeconds = bodySeconds
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    channel.eventLoop.makeCompletedFuture {
      try channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: Self.sendBuffer)
      try channel.syncOptions?.setOption(Self.userTimeout, value: 20_000)
      guard let tls else { return }
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.current))
    }
    .flatMap { base.setup(channel: channel, logger: logger) }
    .flatMapThrowing { value in
      try addGzip(to: channel.pipeline.syncOperations)
      return value
    }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }

  private func addGzip(to pipeline: ChannelPipeline.SynchronousOperations) throws {
    let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
    try pipeline.addHandlers(
      [
        NIOHTTPRequestDecompressor(limit: .size(BodyLimit.batch)),
        RequestGuard(bodyPatience: .seconds(bodySeconds)),
        HTTPResponseCompressor(initialByteBufferCapacity: 0, responseCompressionPredicate: Self.isWorthGzip),
      ], position: .after(decoder))
  }

  private static func isWorthGzip(
    _ head: inout HTTPResponseHead, _ isAccepted: Bool
  ) -> HTTPResponseCompressor.CompressionIntent {
    let size = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    guard size > gzipFrom else { return .doNotCompress }
    head.headers.add(name: "vary", value: "Accept-Encoding")
    guard isAccepted else { return .doNotCompress }
    // The compressor lets the old length out when the head is flushed before the body.
    head.headers.remove(name: "content-length")
    head.headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
    return .compressIfPossible
  }
}

/// Most bytes of a request's body, also after inflating.
enum BodyLimit {
  static let batch = 10 * 1024 * 1024
  static let small = 16 * 1024
}
