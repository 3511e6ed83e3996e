// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOSSL
import Records
import Synchronization
import Wire

/// A server at the level of bytes, so that it can do what no decent server does: answer
/// rubbish, half an answer, or nothing.
final class ScriptedServer: Sendable {
  struct Request: Sendable {
    /// `POST /v1/batches HTTP/1.1`
    var line: String
    /// Names in lower case.
    var headers: [String: String]
    var body: String
    /// The client's certificate; nil when it showed none.
    var peer: NIOSSLCertificate?
    var connection: Int
  }

  enum Answer: Sendable {
    case bytes(String)
    case bytesAndClose(String)
    case close
    /// Nothing, for ever.
    case silence

    /// What the centre says when it stored a batch.
    static func stored(_ request: Request) -> Answer {
      guard let batch = try? BatchRequest.decode(Array(request.body.utf8)) else { return .http(422) }
      let verdicts = batch.envelopes.compactMap { message in
        (try? message.envelope()).map { VerdictMessage(id: $0.0.id, .stored) }
      }
      let reply = BatchReply(batch: batch.batch, verdicts: verdicts)
      return .http(200, BatchReply.mediaType, String(decoding: Canonical.encode(reply), as: UTF8.self))
    }

    /// A whole HTTP answer.
    static func http(
      _ status: Int, _ type: String? = nil, _ body: String = "", headers: [String] = []
    ) -> Answer {
      let lines =
        ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"]
        + (type.map { ["Content-Type: \($0)"] } ?? []) + headers
      return .bytes(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }
  }

  let requests: AsyncStream<Request>
  let heard: AsyncStream<Request>.Continuation
  /// Every byte that came, before TLS.
  let raw = Mutex<[UInt8]>([])
  let connections = Mutex(0)
  private let script: @Sendable (Request) -> Answer
  private let channel = Mutex<(any Channel)?>(nil)

  /// - Parameters:
  ///   - greeting: said to whoever connects, before anything comes.
  ///   - script: nil reads no HTTP at all.
  static func start(
    tls: TLSConfiguration? = nil, greeting: String? = nil,
    script: @escaping @Sendable (Request) -> Answer = { _ in .silence }
  ) async throws -> ScriptedServer {
    let server = ScriptedServer(script)
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let number = server.connections.withLock { count in
            count += 1
            return count
          }
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(Tap(server))
          if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
          try pipeline.addHandler(Conversation(server, number))
          if let greeting { channel.writeAndFlush(ByteBuffer(string: greeting), promise: nil) }
        }
      }
    let channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
    server.channel.withLock { $0 = channel }
    return server
  }

  private init(_ script: @escaping @Sendable (Request) -> Answer) {
    self.script = script
    (requests, heard) = AsyncStream.makeStream(of: Request.self)
  }

  var port: Int { channel.withLock { $0?.localAddress?.port ?? 0 } }

  func stop() async {
    // Whatever closing says, the test is over.
    try? await channel.withLock { $0 }?.close().get()
  }

  /// Sees what the wire carries.
  private final class Tap: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let server: ScriptedServer

    init(_ server: ScriptedServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      server.raw.withLock { $0 += unwrapInboundIn(data).readableBytesView }
      context.fireChannelRead(data)
    }
  }

  private final class Conversation: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let server: ScriptedServer
    private let number: Int
    private var bytes: [UInt8] = []

    init(_ server: ScriptedServer, _ number: Int) {
      self.server = server
      self.number = number
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      bytes += unwrapInboundIn(data).readableBytesView
      while var request = nextRequest() {
        let tls = try? context.channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
        request.peer = tls?.peerCertificate
        server.heard.yield(request)
        switch server.script(request) {
        case .silence: break
        case .close: context.close(promise: nil)
        case .bytes(let text):
          context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .bytesAndClose(let text):
          context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
          context.close(promise: nil)
        }
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private static func header(_ line: String) -> (String, String)? {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " }))
    }

    private func nextRequest() -> Request? {
      guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
      let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      var lines = head.split(separator: "\r\n").map { String($0) }
      guard !lines.isEmpty else { return nil }
      let line = lines.removeFirst()
      let headers = Dictionary(lines.compactMap { Self.header($0) }) { _, last in last }
      let length = headers["content-length"].flatMap { Int($0) } ?? 0
      guard bytes.count >= end.upperBound + length else { return nil }
      let body = String(decoding: bytes[end.upperBound..<end.upperBound + length], as: UTF8.self)
      bytes.removeFirst(end.upperBound + length)
      return Request(line: line, headers: headers, body: body, connection: number)
    }
  }
}
