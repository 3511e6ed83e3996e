// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CentralStore
import Delivery
import NIOCore
import NIOHTTP1
import NIOSSL
import Records
import Wire

/// The same through HTTP and mutual TLS on loopback, the client on the same two cores:
/// envelope by envelope, and in batches as couriers send them.
enum CentreDoor {
  struct Played: Sendable {
    var rate: Double
    var p99: Double
  }

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    Progress.say("centre: ingest through its door")
    let folder = try workshop.folder.inner("door")
    defer { folder.remove() }
    let setup = try await DeliverySetup.make(in: folder)
    let centre = try Child.start(workshop.program, ["part", "centre", folder.path, "--real"])
    let door = try Door(setup, port: try await centre.line())
    let floor = AppendFloor(folder: folder)
    let count = workshop.count(3_200, quick: 320)
    _ = try await door.play(try door.batches(count / 4, of: 1))
    let played = try await Rounds.play(
      workshop.rounds, { try await floor.laps(workshop.count(2_000, quick: 100), round: $0).rate },
      { _ in try await door.play(try door.batches(count, of: 1)) },
      { _ in try await door.play(try door.batches(count * 2 / 50, of: 50)) })
    let report = try await centre.report()
    centre.end()
    try await door.close()
    let sent = count / 4 + workshop.rounds * (count + count * 2 / 50 * 50)
    return rows(played.first, played.second, played.third).map { row in
      var row = row
      row.memoryMB = report.used?.memoryMB
      row.lost = max(0, sent - report.counts.applications)
      row.doubled = max(0, report.counts.applications - sent)
      return row
    }
  }

  private static func rows(
    _ floor: [Double], _ single: [Played], _ batches: [Played]
  ) -> [Row] {
    [
      Row(
        name: "centre.door", what: "\(Crowd.size) connections, HTTP + mutual TLS, one application a request",
        unit: "/s", ours: single.map(\.rate), floor: floor),
      Row(name: "centre.door-p99", what: "99 of 100 requests", unit: "ms", ours: single.map(\.p99)),
      Row(
        name: "centre.door-batches", what: "the same in batches of 50, applications a second", unit: "/s",
        ours: batches.map { $0.rate * 50 }, floor: floor),
    ]
  }
}

/// A client at a centre's door.
private struct Door: Sendable {
  let cases: SampleMaker
  let client: HTTPClient
  let url: String
  let tls: TLSConfiguration

  init(_ setup: DeliverySetup, port: String) throws {
    cases = try SampleMaker(setup)
    client = HTTPClient(eventLoopGroupProvider: .singleton)
    url = "https://127.0.0.1:\(port)/v1/batches"
    tls = try TerminalCredentials(
      certificate: setup.terminalCertificate, privateKey: setup.terminalKey, authority: setup.authority
    ).tls
  }

  func close() async throws { try await client.shutdown() }

  func batches(_ count: Int, of size: Int) throws -> [[UInt8]] {
    try (0..<count).map { _ in
      let envelopes = try cases.sealed(size)
      return Canonical.encode(
        BatchRequest(
          batch: Hex.text(SystemChance().bytes(16)), terminal: SampleTerminal.name,
          envelopes: envelopes.map { EnvelopeMessage($0) }))
    }
  }

  func play(_ bodies: [[UInt8]]) async throws -> CentreDoor.Played {
    let played = try await Crowd.play(bodies) { try await send($0) }
    return CentreDoor.Played(rate: played.rate, p99: (played.laps.percentile(0.99) ?? 0) * 1000)
  }

  private func send(_ body: [UInt8]) async throws {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "Accept", value: BatchReply.mediaType)
    request.body = .bytes(body)
    request.tlsConfiguration = tls
    let response = try await client.execute(request, timeout: .seconds(30))
    let answer = try await response.body.collect(upTo: 1 << 20)
    let reply = try BatchReply.decode(Array(answer.readableBytesView))
    guard reply.verdicts.allSatisfy({ $0.verdict == .stored }) else { throw BenchFault("not stored") }
  }
}
