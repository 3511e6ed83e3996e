// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Wire

/// The terminals' door of a centre, mutual TLS 1.3, with faults between TLS and the centre.
struct FaultyDoor: Sendable {
  struct Context: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
      coreContext = .init(source: source)
      channel = source.channel
    }
  }

  let desk: BenchCentre
  let plan: FaultPlan
  let moments: Moments

  private static let batchLimit = 10 * 1024 * 1024

  /// Serves until the task is cancelled.
  func serve(_ setup: DeliverySetup, port: Int, listening: @escaping @Sendable (Int) -> Void) async throws {
    let context = try Self.context(setup)
    let router = Router(context: Context.self)
    router.post("v1/batches") { request, context in try await answer(request, context) }
    var logger = Logger(label: "bench")
    logger.logLevel = .critical
    let application = Application(
      router: router,
      server: HTTPServerBuilder { responder in
        MutualTLS(base: HTTP1Channel(responder: responder), context: context)
      }, configuration: .init(address: .hostname("127.0.0.1", port: port), reuseAddress: true),
      onServerRunning: { listening($0.localAddress?.port ?? port) }, logger: logger)
    try await application.run()
  }

  private func answer(_ request: Request, _ context: Context) async throws -> Response {
    let bytes = Array(buffer: try await request.body.collect(upTo: Self.batchLimit))
    let batch = try BatchRequest.decode(bytes)
    if !batch.envelopes.isEmpty { moments.saw(Stopwatch.now) }
    switch plan.next(at: Stopwatch.now) {
    case .none: return try await taken(batch)
    case .busy: return Response(status: .serviceUnavailable)
    case .serverError: return Response(status: .internalServerError)
    case .closed: try await context.channel.close()
    case .answerLost:
      _ = try await taken(batch)
      try await context.channel.close()
    case .silent(let until):
      _ = try await taken(batch)
      try await Task.sleep(for: .seconds(max(0, until - Stopwatch.now)))
      try await context.channel.close()
    }
    // Goes nowhere: the connection is closed.
    return Response(status: .internalServerError)
  }

  private func taken(_ batch: BatchRequest) async throws -> Response {
    let reply = try await desk.take(batch)
    plan.stored(batch.envelopes.count)
    return Response(
      status: .ok, headers: [.contentType: BatchReply.mediaType],
      body: .init(byteBuffer: ByteBuffer(bytes: Canonical.encode(reply))))
  }

  private static func context(_ setup: DeliverySetup) throws -> NIOSSLContext {
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(setup.serverCertificate.utf8))
        .map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(setup.serverKey.utf8), format: .pem)))
    tls.minimumTLSVersion = .tlsv13
    tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(setup.authority.utf8)))
    tls.certificateVerification = .noHostnameVerification
    return try NIOSSLContext(configuration: tls)
  }
}

private struct MutualTLS<Base: ServerChildChannel>: ServerChildChannel {
  let base: Base
  let context: NIOSSLContext

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
    }.flatMap { base.setup(channel: channel, logger: logger) }
  }

  func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
