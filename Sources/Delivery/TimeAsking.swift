// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Records
import Wire

/// The centre's time, as a terminal learned it.
public struct AskedTime: Hashable, Sendable {
  /// As received; verified.
  public var signed: SignedTime
  /// What time it was when the answer came: the signed time is taken for the middle of the
  /// round trip, so half of that is added. Wrong by half the round trip at most.
  public var at: Timestamp
  public var roundTrip: Duration

  public init(signed: SignedTime, at: Timestamp, roundTrip: Duration) {
    self.signed = signed
    self.at = at
    self.roundTrip = roundTrip
  }
}

/// Asks the centre for the time, in clear, since with a wrong clock TLS takes no certificate:
/// the answer is signed and bound to the question. At start, every 30 s until it is answered,
/// then every hour.
public struct TimeAsking<Time: Clock<Duration>>: Sendable {
  private let client: HTTPClient
  private let url: String
  private let key: [UInt8]
  private let chance: any RandomSource
  private let clock: Time
  private let report: @Sendable (AskedTime) -> Void

  /// - Parameters:
  ///   - client: made with `HTTPCentralLink.configuration`.
  ///   - url: the base of the centre's plain addresses, `http://host:port`.
  ///   - key: the centre's time key, Ed25519, 32 bytes.
  ///   - clock: must go on while the machine sleeps, as the boot clock does.
  public init(
    client: HTTPClient, url: String, key: [UInt8], chance: any RandomSource, clock: Time,
    report: @escaping @Sendable (AskedTime) -> Void
  ) {
    self.client = client
    self.url = url
    self.key = key
    self.chance = chance
    self.clock = clock
    self.report = report
  }

  /// Asks until the task is cancelled.
  public func run() async {
    while !Task.isCancelled {
      let answer = await ask()
      if let answer { report(answer) }
      let most = answer == nil ? Self.untilAnswered : Self.betweenAnswers
      // Throws only when cancelled, which the loop sees.
      try? await clock.sleep(for: chance.duration(from: most * 4 / 5, to: most))
    }
  }

  private static var untilAnswered: Duration { .seconds(30) }
  private static var betweenAnswers: Duration { .seconds(3600) }
  /// A longer round trip says too little: it may be wrong by half of this.
  private static var longestRoundTrip: Duration { .seconds(10) }

  /// Nil when no answer came that can be believed.
  func ask() async -> AskedTime? {
    let nonce = Hex.text(chance.bytes(16))
    let start = clock.now
    guard let body = await answer(nonce) else { return nil }
    let roundTrip = start.duration(to: clock.now)
    guard roundTrip <= Self.longestRoundTrip, roundTrip >= .zero else { return nil }
    do throws(WireFault) {
      let signed = try SignedTime.decode(body)
      try signed.verify(nonce: nonce, key: key)
      let half = (roundTrip / 2).components
      let milliseconds = half.seconds * 1000 + half.attoseconds / 1_000_000_000_000_000
      return AskedTime(
        signed: signed, at: Timestamp(milliseconds: signed.at.milliseconds + milliseconds),
        roundTrip: roundTrip)
    } catch {
      return nil
    }
  }

  private func answer(_ nonce: String) async -> [UInt8]? {
    var request = HTTPClientRequest(url: url + "/v1/time?nonce=" + nonce)
    request.headers.add(name: "Accept", value: "application/json")
    request.headers.add(name: "Cache-Control", value: "no-store")
    let (client, asking) = (client, request)
    // Whatever goes wrong, there is no time to be had.
    return try? await within(.seconds(10), on: client.eventLoopGroup.any()) {
      let response = try await client.execute(asking, timeout: .seconds(10))
      guard response.status == .ok, response.mediaType == "application/json" else {
        throw LinkTrouble.notUnderstood
      }
      return Array(try await response.body.collect(upTo: 4096).readableBytesView)
    }
  }
}
