// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CentralStore
import FoundationEssentials
import NIOCore
import NIOHTTP1
import Records
import Testing
import Wire

@testable import Central

@Suite struct EventTests {
  /// Reads an open stream up to the first message that holds `text`.
  private func read(
    _ centre: RunningCentre, _ terminal: SampleTerminal, after last: String? = nil, upTo text: String,
    once opened: () async throws -> Void = {}
  ) async throws -> String {
    var request = try centre.request("/v1/events", at: .terminals(terminal))
    if let last { request.headers.add(name: "Last-Event-ID", value: last) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    #expect(response.headers.first(name: "content-type") == "text/event-stream")
    try await opened()
    var seen = ""
    for try await piece in response.body {
      seen += String(buffer: piece)
      if seen.contains(text) { return seen }
    }
    return seen
  }

  private func order(_ centre: RunningCentre, _ act: String) async throws -> Command {
    let answer = try await centre.post(
      "/v1/terminals/T0012/commands", CommandOrder(act: act, seconds: 600),
      token: RunningCentre.clerkToken)
    #expect(answer.status == 201)
    return try JSONDecoder().decode(Command.self, from: Data(answer.bytes))
  }

  @Test func `a command reaches an open stream, and again until it is answered`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let made = Latch<Command>()
      let first = try await read(centre, terminal, upTo: "event: command") {
        await made.set(try await order(centre, "report"))
      }
      let command = try #require(await made.value)
      #expect(
        first.contains(
          "event: command\ndata: \(String(decoding: Canonical.encode(command), as: UTF8.self))\n\n"))
      // The stream broke before it was answered.
      _ = try await read(centre, terminal, upTo: command.id)
      let path = "/v1/commands/\(command.id)"
      for (word, stands) in [(CommandOutcome.Word.done, "done"), (.failed, "done")] {
        let answer = try await centre.post(
          path, CommandReport(outcome: .init(word)), at: .terminals(terminal))
        #expect(answer.text == #"{"outcome":{"word":"\#(stands)"}}"#)
      }
      let other = try await order(centre, "deliver")
      let later = try await read(centre, terminal, upTo: other.id)
      #expect(!later.contains(command.id))
    }
  }

  @Test func `a stream resumes behind the last event that was seen`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let one = try await order(centre, "report")
      let text = try await read(centre, terminal, upTo: one.id)
      let id = try #require(text.firstMatch(of: /id: ([0-9]+)/)).output.1
      let two = try await order(centre, "deliver")
      let resumed = try await read(centre, terminal, after: String(id), upTo: two.id)
      #expect(!resumed.contains(one.id))
      let wrong = try await centre.get(
        "/v1/events", at: .terminals(terminal), headers: ["Last-Event-ID": "x"])
      #expect(wrong.status == 400)
    }
  }

  @Test func `another terminal's command is neither heard nor answered`() async throws {
    try await RunningCentre.serving { centre in
      _ = try await centre.enrolled()
      let other = try await centre.enrolled("T0013", chance: 8)
      let command = try await order(centre, "report")
      try await centre.centre.store.announce(catalogue: 3, at: FixedTime().now().at)
      let text = try await read(centre, other, upTo: #"data: {"version":3}"#)
      #expect(!text.contains(command.id))
      let answer = try await centre.post(
        "/v1/commands/\(command.id)", CommandReport(outcome: .init(.done)), at: .terminals(other))
      #expect(answer.status == 404)
    }
  }

  @Test func `the newest stream of a certificate ends the older one`() async throws {
    let streams = EventStreams()
    let peer = Peer(terminal: "T", fingerprint: "f", notAfter: FixedTime().now().at)
    let old = try #require(streams.open(peer))
    let new = try #require(streams.open(peer))
    #expect(streams.count == 1)
    for await _ in old.wakings {}
    #expect(streams.takeLook(new.id) && !streams.takeLook(new.id))
    streams.endAll()
    for await _ in new.wakings {}
    #expect(streams.open(peer).map(\.id) == nil)
  }

  @Test func `a slow reader is woken once, however much there is to see`() async throws {
    let streams = EventStreams()
    let peer = Peer(terminal: "T", fingerprint: "f", notAfter: FixedTime().now().at)
    let ticket = try #require(streams.open(peer))
    for _ in 0..<10_000 { streams.look() }
    streams.endAll()
    var wakings = 0
    for await _ in ticket.wakings { wakings += 1 }
    #expect(wakings == 1)
  }
}

private actor Latch<Value: Sendable> {
  private(set) var value: Value?
  func set(_ value: Value) { self.value = value }
}
