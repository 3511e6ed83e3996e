// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPCompression

/// Answers what never becomes a request: bytes that are no HTTP, bodies that do not inflate
/// or inflate too far, bodies that do not arrive. Each is told so, and its connection ends;
/// nothing behind this handler hears of it.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// How long the rest of what a refused client sends is read, so that the answer reaches
  /// it before the connection is reset.
  private static let lingering = TimeAmount.seconds(2)

  private let bodyPatience: TimeAmount
  private var patience: Scheduled<Void>?
  private var unanswered = 0
  private var isAnswering = false
  private var hasRefused = false

  init(bodyPatience: TimeAmount) { self.bodyPatience = bodyPatience }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasRefused else { return }
    switch Self.unwrapInboundIn(data) {
    case .head(var head):
      unanswered += 1
      head.headers.replaceOrRemove("accept-encoding", with: Self.takesGzip(head) ? "gzip" : nil)
      awaitBody(context)
      context.fireChannelRead(Self.wrapInboundOut(.head(head)))
    case .body: context.fireChannelRead(data)
    case .end:
      patience?.cancel()
      context.fireChannelRead(data)
    }
  }

  /// Of all encodings gzip alone is spoken here. HEAD has no body, of which the compressor
  /// would send the end all the same, and HTTP/1.0 no chunks.
  private static func takesGzip(_ head: HTTPRequestHead) -> Bool {
    guard head.method != .HEAD, head.version == .http1_1 else { return false }
    return head.headers[canonicalForm: "accept-encoding"].contains { offer in
      let parts = offer.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
      let isRefused = parts.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
      return ["gzip", "x-gzip", "*"].contains(parts.first) && !isRefused
    }
  }

  private func awaitBody(_ context: ChannelHandlerContext) {
    patience?.cancel()
    patience = context.eventLoop.assumeIsolated().scheduleTask(in: bodyPatience) {
      self.refuse(ProblemDetails(status: .requestTimeout), context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !hasRefused else { return }
    switch error {
    case NIOHTTPDecompression.DecompressionError.limit:
      refuse(ProblemDetails(status: .contentTooLarge), context)
    case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
      refuse(.notInflated, context)
    case is HTTPParserError: refuse(ProblemDetails(status: .badRequest), context)
    default: context.fireErrorCaught(error)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    patience?.cancel()
    context.fireChannelInactive()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !hasRefused else { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
    switch Self.unwrapOutboundIn(data) {
    case .head: isAnswering = true
    case .body: break
    case .end:
      isAnswering = false
      unanswered -= 1
    }
    context.write(data, promise: promise)
  }

  private func refuse(_ problem: ProblemDetails, _ context: ChannelHandlerContext) {
    patience?.cancel()
    hasRefused = true
    // An answer that is begun, or owed to an earlier request, cannot be taken back.
    guard !isAnswering, unanswered <= 1 else { return context.close(promise: nil) }
    let bytes = problem.bytes
    let headers: HTTPHeaders = [
      "content-type": ProblemDetails.mediaType, "content-length": "\(bytes.count)",
      "cache-control": "no-store", "connection": "close",
    ]
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: problem.status), headers: headers)
    context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    context.write(
      Self.wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: bytes)))),
      promise: nil)
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
      context.close(promise: nil)
    }
  }
}

extension HTTPHeaders {
  fileprivate mutating func replaceOrRemove(_ name: String, with value: String?) {
    guard let value else { return remove(name: name) }
    replaceOrAdd(name: name, value: value)
  }
}

@available(*, unavailable)
extension RequestGuard: Sendable {}
