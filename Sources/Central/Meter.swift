// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Synchronization

/// What is counted while the centre runs, for Prometheus. Never a number or a person.
final class Meter: Sendable {
  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"
  /// Upper bounds, in milliseconds, of the classes of the store's latency.
  private static let bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000]

  private struct Counts {
    var batches = 0
    var verdicts: [String: Int] = ["stored": 0, "already": 0, "refused": 0]
    var refusals: [String: Int] = [:]
    var events: [String: Int] = ["command": 0, "catalogue": 0]
    var claims: [String: Int] = ["right": 0, "wrong": 0, "resting": 0, "nothing": 0]
    var latencies = Array(repeating: 0, count: bounds.count + 1)
    var latency = Duration.zero
  }

  private let counts = Mutex(Counts())

  func count(batchIn duration: Duration, _ verdicts: [Verdict]) {
    let milliseconds = duration / .milliseconds(1)
    let place = Self.bounds.firstIndex { milliseconds <= Double($0) } ?? Self.bounds.count
    counts.withLock { counts in
      counts.batches += 1
      counts.latencies[place] += 1
      counts.latency += duration
      for verdict in verdicts {
        guard case .refused(let reason, _) = verdict else {
          counts.verdicts[verdict.word, default: 0] += 1
          continue
        }
        counts.verdicts["refused", default: 0] += 1
        counts.refusals[reason, default: 0] += 1
      }
    }
  }

  func count(event: String) { counts.withLock { $0.events[event, default: 0] += 1 } }

  func count(claim: ClaimOutcome) {
    let word =
      switch claim {
      case .right: "right"
      case .wrong: "wrong"
      case .resting: "resting"
      case .nothingToClaim: "nothing"
      }
    counts.withLock { $0.claims[word, default: 0] += 1 }
  }

  func write(to text: inout MetricsText) {
    let counts = counts.withLock { $0 }
    text.family("nightdesk_batches_total", "counter", "Batches taken.", [("", "\(counts.batches)")])
    text.family(
      "nightdesk_envelopes_total", "counter", "Envelopes by verdict.", by: "verdict", counts.verdicts)
    text.family(
      "nightdesk_refusals_total", "counter", "Refused envelopes by reason.", by: "reason", counts.refusals)
    text.family("nightdesk_events_total", "counter", "Events sent to terminals.", by: "event", counts.events)
    text.family(
      "nightdesk_claims_total", "counter", "Claim codes shown, by outcome.", by: "outcome", counts.claims)
    var sum = 0
    var samples: [(String, String)] = []
    for (place, count) in counts.latencies.enumerated() {
      sum += count
      let bound = place < Self.bounds.count ? "\(Double(Self.bounds[place]) / 1000)" : "+Inf"
      samples.append(("_bucket{le=\"\(bound)\"}", "\(sum)"))
    }
    samples += [("_sum", "\(counts.latency / .seconds(1))"), ("_count", "\(sum)")]
    text.family(
      "nightdesk_store_seconds", "histogram", "How long the store took a batch.", samples)
  }
}

/// Prometheus text exposition format, version 0.0.4.
struct MetricsText {
  private(set) var text = ""

  /// - Parameter samples: what stands behind the name, and the value.
  mutating func family(
    _ name: String, _ type: String, _ help: String, _ samples: [(String, String)]
  ) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    for (place, value) in samples { text += "\(name)\(place) \(value)\n" }
  }

  mutating func family(
    _ name: String, _ type: String, _ help: String, by label: String, _ counts: [String: Int]
  ) {
    let samples = counts.sorted { $0.key < $1.key }
      .map { ("{\(label)=\"\($0.key)\"}", "\($0.value)") }
    family(name, type, help, samples)
  }

  mutating func gauge(_ name: String, _ help: String, _ value: some CustomStringConvertible) {
    family(name, "gauge", help, [("", value.description)])
  }
}
