// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Wire

/// Thirty-two at once hand in one application each, again and again, each answered after its
/// sync: at the store, and with reading, verifying and opening before it.
enum CentreIngest {
  struct Round: Sendable {
    var rate: Double
    var p99: Double
  }

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    let count = workshop.count(6_400, quick: 320)
    let folder = try workshop.folder.inner("ingest")
    defer { folder.remove() }
    let setup = try await DeliverySetup.make(in: folder)
    let store = try SQLiteCaseStore.open(path: folder.file("centre"), outcomeUnknown: {})
    let cases = try BenchCases(setup, store: store)
    Progress.say("centre: ingest at \(Crowd.size) at once")
    let floor = AppendFloor(folder: folder)
    _ = try await round(cases, try cases.arrivals(count / 4))
    let before = Consumption.of()
    let played = try await Rounds.play(
      workshop.rounds, { try await floor.laps(workshop.count(2_000, quick: 100), round: $0).rate },
      { _ in try await round(cases, try cases.arrivals(count)) },
      { _ in try await wholeRound(cases, try cases.maker.sealed(count)) })
    let counts = try await store.counts()
    try await store.close()
    let sent = count / 4 + 2 * count * workshop.rounds
    let cpu = (Consumption.of()?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0)
    return rows(played.first, played.second, played.third).map { row in
      var row = row
      row.lost = max(0, sent - counts.applications)
      row.doubled = max(0, counts.applications - sent)
      row.cpuSeconds = cpu / Double(workshop.rounds)
      return row
    }
  }

  private static func round(_ cases: BenchCases, _ arrivals: [Arrival]) async throws -> Round {
    let played = try await Crowd.play(arrivals) { arrival in
      guard try await cases.keep([arrival]) == 1 else { throw BenchFault("not stored") }
    }
    return Round(rate: played.rate, p99: (played.laps.percentile(0.99) ?? 0) * 1000)
  }

  private static func wholeRound(_ cases: BenchCases, _ envelopes: [Envelope]) async throws -> Round {
    let bodies = envelopes.map { envelope in
      Canonical.encode(
        BatchRequest(
          batch: Hex.text(envelope.id.bytes), terminal: SampleTerminal.name,
          envelopes: [EnvelopeMessage(envelope)]))
    }
    let played = try await Crowd.play(bodies) { body in
      let reply = try await cases.centre.take(try BatchRequest.decode(body))
      guard reply.verdicts.first?.verdict == .stored else { throw BenchFault("not stored") }
      _ = Canonical.encode(reply)
    }
    return Round(rate: played.rate, p99: (played.laps.percentile(0.99) ?? 0) * 1000)
  }

  private static func rows(_ floor: [Double], _ store: [Round], _ whole: [Round]) -> [Row] {
    [
      Row(
        name: "centre.ingest",
        what: """
          \(Crowd.size) at once at the store's level, each acknowledged after its sync; \
          floor: append + fdatasync
          """,
        unit: "/s", ours: store.map(\.rate), floor: floor, goal: .timesFloor(3)),
      Row(
        name: "centre.ingest-p99", what: "99 of 100 of them are acknowledged within this", unit: "ms",
        ours: store.map(\.p99)),
      Row(
        name: "centre.ingest-taken",
        what: "the same from the request's bytes: strict JSON, signature, opening the routing, store, reply",
        unit: "/s", ours: whole.map(\.rate), floor: floor),
      Row(
        name: "centre.ingest-taken-p99", what: "99 of 100 of those", unit: "ms", ours: whole.map(\.p99)),
    ]
  }
}
