// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

@Suite(.timeLimit(.minutes(1)))
struct TimeAskingTests {
  private let key = SigningKey.generated()
  private let clock = ManualClock()
  private let there = Timestamp(milliseconds: 1_795_000_000_000)

  /// The nonce in `GET /v1/time?nonce=…`.
  private static func nonce(_ request: ScriptedServer.Request) -> String {
    String(request.line.split(separator: " ")[1].split(separator: "=").last ?? "")
  }

  private func ask(
    _ script: @escaping @Sendable (ScriptedServer.Request) throws -> ScriptedServer.Answer
  ) async throws -> AskedTime? {
    let server = try await ScriptedServer.start { (try? script($0)) ?? .close }
    return try await withClient { client in
      let asking = TimeAsking(
        client: client, url: "http://127.0.0.1:\(server.port)", key: key.publicKey,
        chance: CountingChance(), clock: clock, report: { _ in })
      let asked = await asking.ask()
      await server.stop()
      return asked
    }
  }

  private static func answer(
    _ nonce: String, _ at: Timestamp, _ key: SigningKey, type: String = "application/json"
  ) throws -> ScriptedServer.Answer {
    let signed = try SignedTime(nonce: nonce, at: at, key: key)
    return .http(200, type, String(decoding: Canonical.encode(signed), as: UTF8.self))
  }

  @Test func theTimeIsTakenForTheMiddleOfTheRoundTrip() async throws {
    let asked = try await ask { [key, clock, there] request in
      clock.advance(by: .seconds(4))
      return try Self.answer(Self.nonce(request), there, key)
    }
    #expect(asked?.signed.at == there)
    #expect(asked?.at == there.advanced(bySeconds: 2))
    #expect(asked?.roundTrip == .seconds(4))
  }

  @Test func aRoundTripOfMoreThanTenSecondsIsNotTaken() async throws {
    let asked = try await ask { [key, clock, there] request in
      clock.advance(by: .milliseconds(10_001))
      return try Self.answer(Self.nonce(request), there, key)
    }
    #expect(asked == nil)
  }

  @Test func anOldAnswerIsNotTakenAgain() async throws {
    let asked = try await ask { [key, there] _ in
      try Self.answer(String(repeating: "0", count: 32), there, key)
    }
    #expect(asked == nil)
  }

  @Test func whatAnotherKeySignedIsNotTaken() async throws {
    let asked = try await ask { [there] request in
      try Self.answer(Self.nonce(request), there, SigningKey.generated())
    }
    #expect(asked == nil)
  }

  @Test func aPageOrALongAnswerIsNotTaken() async throws {
    let page = try await ask { [key, there] request in
      try Self.answer(Self.nonce(request), there, key, type: "text/html")
    }
    #expect(page == nil)
    let long = try await ask { _ in
      .http(200, "application/json", String(repeating: " ", count: 5000))
    }
    #expect(long == nil)
  }

  @Test func itAsksEveryHalfMinuteUntilItIsAnsweredThenEveryHour() async throws {
    let count = Mutex(0)
    let server = try await ScriptedServer.start { [key, there] request in
      let tries = count.withLock { count in
        count += 1
        return count
      }
      return tries < 3 ? .close : (try? Self.answer(Self.nonce(request), there, key)) ?? .close
    }
    let reports = Reports<AskedTime>()
    try await withClient { client in
      let asking = TimeAsking(
        client: client, url: "http://127.0.0.1:\(server.port)", key: key.publicKey,
        chance: CountingChance(), clock: clock, report: { reports.add($0) })
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await asking.run() }
        for _ in 0..<2 { await clock.pass(.seconds(24)...(.seconds(30))) }
        await clock.pass(.seconds(2880)...(.seconds(3600)))
        await clock.pass(.seconds(2880)...(.seconds(3600)))
        group.cancelAll()
      }
      await server.stop()
    }
    #expect(reports.all.count >= 2)
    let nonces = Set(reports.all.map(\.signed.nonce))
    #expect(nonces.count == reports.all.count, "each question has its own")
  }
}
