// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Certificates
import HTTPTypes
import Hummingbird
import Records
import Wire

/// Whether requests can be served.
struct Readiness: Codable, Hashable, Sendable {
  var status: String
  /// In English; empty when ready.
  var reasons: [String]
}

extension Centre {
  func readiness() async -> Response {
    var reasons: [String] = []
    do {
      _ = try await store.counts()
    } catch {
      reasons.append("the store does not answer: \(error)")
    }
    let now = clock.now().at
    for (name, end) in certificateEnds() where end <= now {
      reasons.append("the certificate of the \(name) is over its time")
    }
    if catalogues.current.matters.isEmpty { reasons.append("there is no catalogue") }
    let readiness = Readiness(status: reasons.isEmpty ? "ready" : "not ready", reasons: reasons)
    return Answer.json(readiness, status: reasons.isEmpty ? .ok : .serviceUnavailable)
  }

  private func certificateEnds() -> [(String, Timestamp)] {
    var ends = [("server", serverCertificate.current.notAfter)]
    if let pem = try? authority.current.certificate, let root = try? PeerCertificate(pem: pem) {
      ends.append(("authority", root.notAfter))
    }
    return ends
  }

  func metrics() async throws -> String {
    let counts = try await store.counts()
    var text = MetricsText()
    meter.write(to: &text)
    text.gauge("nightdesk_held", "Envelopes that wait for others.", counts.held)
    text.gauge("nightdesk_tasks_open", "Refused envelopes nobody has looked after.", counts.openTasks)
    text.gauge("nightdesk_dropped", "Unsigned envelopes not kept for want of room.", counts.dropped)
    text.gauge("nightdesk_event_streams", "Event streams that are open.", streams.count)
    text.gauge("nightdesk_catalogue_version", "Newest published catalogue.", catalogues.current.newest)
    let now = clock.now().at
    text.family(
      "nightdesk_certificate_days_left", "gauge", "Days until a certificate ends.",
      by: "certificate",
      Dictionary(
        certificateEnds().map { ($0, Int(($1.milliseconds - now.milliseconds) / 86_400_000)) },
        uniquingKeysWith: min))
    return text.text
  }
}
