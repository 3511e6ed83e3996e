// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Records
import Wire

/// The door for terminals: mutual TLS.
struct TerminalsDoor {
  private static let catalogueType = CatalogueDocument.payloadType

  let centre: Centre

  func responder() -> DoorResponder {
    var table = RouteTable(logger: centre.logger)
    table.add(PeerMiddleware(centre: centre))
    table.get("healthz") { _, _ in Answer.json(["status": "ok"]) }
    addDelivery(to: &table)
    addNews(to: &table)
    addProgress(to: &table)
    return table.responder()
  }

  private func addDelivery(to table: inout RouteTable) {
    table.post("v1/batches") { [self] request, context in
      let bytes = try await Asking.body(of: request, limit: BodyLimit.batch)
      let batch = try BatchRequest.decode(bytes)
      return Answer.json(
        try await centre.take(batch, from: try await peer(context)), mediaType: BatchReply.mediaType)
    }
    table.post("v1/certificates") { [self] request, context in
      let message = try CertificateRenewal.decode(try await Asking.body(of: request))
      return Answer.json(try await centre.renew(message, for: try await peer(context)))
    }
  }

  private func addNews(to table: inout RouteTable) {
    table.get("v1/events") { [self] request, context in
      let last = request.headers.values(named: "last-event-id").first ?? "0"
      guard let row = Asking.digits(last) else { throw ProblemDetails.illFormedPlace }
      return try centre.events(for: try await peer(context), after: row, request)
    }
    table.post("v1/commands/:id") { [self] request, context in
      let report = try CommandReport.decode(try await Asking.body(of: request))
      let id = context.parameters.get("id") ?? ""
      return Answer.json(try await centre.finish(id, of: try await peer(context), report))
    }
    table.get("v1/catalogue") { [centre] request, _ in
      guard let after = Asking.digits(request.uri.queryParameters["after"] ?? "0") else {
        throw ProblemDetails.illFormedPlace
      }
      guard let document = centre.catalogues.current.document(after: Int(after)) else {
        return Response(status: .noContent)
      }
      return Answer.cacheable(
        document, mediaType: Self.catalogueType, control: "private, no-cache", for: request)
    }
  }

  private func addProgress(to table: inout RouteTable) {
    table.get("v1/progress/:number") { [centre] request, context in
      try await centre.state(of: try Asking.number(context), for: request)
    }
    // Behind one terminal stand many persons: its address says nothing of them.
    table.post("v1/progress") { [centre] request, _ in
      try await centre.claimedProgress(request, from: nil)
    }
  }

  /// Asked again once the body is here: between head and end of a request a certificate may
  /// be revoked.
  private func peer(_ context: DoorContext) async throws -> Peer {
    guard let peer = context.peer else { throw ProblemDetails.terminalUnknown }
    return try await centre.peer(fingerprint: peer.fingerprint)
  }
}
