// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

@Suite(.everyWay) struct EventTests {
  let desk: Desk

  init() async throws {
    desk = try await Desk()
    _ = try await desk.enrol("T0012", code: "a")
    _ = try await desk.enrol("T0013", code: "b")
  }

  private func command(_ letter: Character, act: String = "report") -> Command {
    Command(id: String(repeating: letter, count: 32), act: act, until: Desk.due)
  }

  private func events(
    _ terminal: String = "T0012", after row: Int64 = 0, at time: Timestamp = Desk.night
  ) async throws -> [StoredEvent] {
    try await desk.store.events(for: terminal, after: row, at: time, limit: 50)
  }

  private func order(_ command: Command, for terminal: String = "T0012") async throws -> Bool {
    try await desk.store.order(command, for: terminal, at: Desk.night)
  }

  @Test func `a command is heard by its terminal alone`() async throws {
    #expect(try await order(command("a")))
    #expect(try await order(command("b"), for: "T0013"))
    #expect(try await !order(command("c"), for: "T9999"))
    #expect(try await events().map(\.event) == [.command(command("a"))])
    #expect(try await events("T0013").map(\.event) == [.command(command("b"))])
    #expect(try await events("T9999") == [])
  }

  @Test func `the same command again is one event, another under its id is none`() async throws {
    #expect(try await order(command("a")))
    #expect(try await order(command("a")))
    #expect(try await !order(command("a", act: "deliver")))
    #expect(try await !order(command("a"), for: "T0013"))
    #expect(try await events().map(\.event) == [.command(command("a"))])
  }

  @Test func `a stream is resumed behind the last event it saw`() async throws {
    for letter in ["a", "b", "c"] as [Character] { _ = try await order(command(letter)) }
    let all = try await events()
    #expect(all.map(\.row) == all.map(\.row).sorted() && Set(all.map(\.row)).count == 3)
    #expect(try await events(after: all[1].row) == [all[2]])
    #expect(try await desk.store.events(for: "T0012", after: 0, at: Desk.night, limit: 2) == Array(all[..<2]))
  }

  /// A centre restored from a copy counts from an earlier row than its terminals remember.
  @Test func `a place that is not reached yet is the beginning`() async throws {
    _ = try await order(command("a"))
    let all = try await events()
    #expect(all.count == 1)
    #expect(try await events(after: all[0].row) == [])
    #expect(try await events(after: all[0].row + 1) == all)
    #expect(try await events(after: 999_999_999_999_999_999) == all)
  }

  @Test func `what was answered or is over its time is not said again`() async throws {
    for letter in ["a", "b"] as [Character] { _ = try await order(command(letter)) }
    _ = try await desk.store.finish(
      command: command("a").id, of: "T0012", CommandOutcome(.done), at: Desk.night)
    #expect(try await events().map(\.event) == [.command(command("b"))])
    #expect(try await events(at: Desk.due).count == 1)
    #expect(try await events(at: Desk.due.advanced(bySeconds: 1)) == [])
  }

  @Test func `the first word on a command stays`() async throws {
    _ = try await order(command("a"))
    let first = CommandOutcome(.failed, detail: "no paper")
    let id = command("a").id
    for outcome in [first, CommandOutcome(.done), first] {
      #expect(
        try await desk.store.finish(command: id, of: "T0012", outcome, at: Desk.night) == first)
    }
    let records = try await desk.store.commands(of: "T0012")
    #expect(records.map(\.outcome) == [first] && records.map(\.command) == [command("a")])
    #expect(records.map(\.finishedAt) == [Desk.night] && records.map(\.orderedAt) == [Desk.night])
  }

  @Test func `nobody answers a command that he never got`() async throws {
    _ = try await order(command("a"))
    let word = CommandOutcome(.done)
    for (id, terminal) in [(command("a").id, "T0013"), (command("b").id, "T0012")] {
      #expect(
        try await desk.store.finish(command: id, of: terminal, word, at: Desk.night) == nil)
    }
    #expect(try await desk.store.commands(of: "T0012").map(\.outcome) == [nil])
    #expect(try await desk.store.commands(of: "T0013").isEmpty)
  }

  @Test func `of catalogues the newest is news, to every terminal`() async throws {
    for version in [3, 5, 5, 4] { try await desk.store.announce(catalogue: version, at: Desk.night) }
    _ = try await order(command("a"))
    let heard = try await events()
    #expect(heard.map(\.event) == [.catalogue(version: 5), .command(command("a"))])
    #expect(try await events("T0013").map(\.event) == [.catalogue(version: 5)])
    #expect(try await events(after: heard[0].row).map(\.event) == [.command(command("a"))])
  }
}

@Suite(.keptOpen) struct NewsTests {
  @Test func `whoever listens hears of each order and catalogue`() async throws {
    let desk = try await Desk()
    _ = try await desk.enrol()
    var first = desk.store.news().makeAsyncIterator()
    var second = desk.store.news().makeAsyncIterator()
    #expect(await first.next() != nil)
    #expect(await second.next() != nil)
    let command = Command(id: String(repeating: "a", count: 32), act: "report", until: Desk.due)
    _ = try await desk.store.order(command, for: Desk.terminal, at: Desk.night)
    #expect(await first.next() != nil)
    #expect(await second.next() != nil)
    try await desk.store.announce(catalogue: 1, at: Desk.night)
    #expect(await first.next() != nil)
  }
}
