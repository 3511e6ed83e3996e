// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CentralStore
import Certificates
import NIOCore
import NIOHTTP1
import Records
import Synchronization
import Testing
import Wire

@testable import Central

/// Rights that have ended: tickets that were spent, certificates that were revoked.
@Suite struct StaleRightTests {
  private let clock = MovedTime()

  private var moved: RunningCentre.Change {
    { [clock] in $0.clock = clock }
  }

  private func revoke(_ centre: RunningCentre) async throws {
    let path = "/v1/terminals/T0012/revocation"
    #expect(try await centre.send(path, nil, token: RunningCentre.clerkToken).status == 200)
  }

  @Test func `a spent ticket does not undo a revocation`() async throws {
    try await RunningCentre.serving(moved) { [clock] centre in
      let code = centre.codes.make(for: "T0012", chance: 7)
      let terminal = SampleTerminal()
      #expect(try await centre.enrol(terminal, code: code).status == 200)
      clock.seconds.withLock { $0 = 5 }
      try await revoke(centre)
      let answer = try await centre.enrol(terminal, code: code)
      #expect(answer.status == 403 && answer.text.contains("enrolment-code"))
    }
  }

  @Test func `a lost answer is given again for a day`() async throws {
    try await RunningCentre.serving(moved) { [clock] centre in
      let code = centre.codes.make(for: "T0012", chance: 7)
      let terminal = SampleTerminal()
      for (second, status) in [(0, 200), (86_399, 200), (86_400, 403)] as [(Int64, Int)] {
        clock.seconds.withLock { $0 = second }
        let answer = try await centre.enrol(terminal, code: code)
        #expect(answer.status == status)
      }
    }
  }

  @Test func `the ticket of an earlier enrolment gives nothing any more`() async throws {
    try await RunningCentre.serving { centre in
      let code = centre.codes.make(for: "T0012", chance: 7)
      let former = SampleTerminal()
      #expect(try await centre.enrol(former, code: code).status == 200)
      _ = try await centre.enrolled("T0012", chance: 8)
      #expect(try await centre.enrol(former, code: code).status == 403)
    }
  }

  /// Who it is, is asked when the head of a request comes; its body may come much later.
  @Test func `a renewal that was under way when the certificate was revoked gives none`() async throws {
    try await RunningCentre.serving(moved) { [clock] centre in
      let terminal = try await centre.enrolled()
      clock.seconds.withLock { $0 = 5 }
      let body = Canonical.encode(
        CertificateRenewal(certificateRequest: try terminal.tlsKey.request(named: "T0012")))
      let (pieces, piece) = AsyncStream<ByteBuffer>.makeStream()
      var request = try centre.request("/v1/certificates", at: .terminals(terminal))
      request.method = .POST
      request.body = .stream(pieces, length: .known(Int64(body.count)))
      piece.yield(ByteBuffer(bytes: body.prefix(10)))
      async let answer = HTTPClient.shared.execute(request, timeout: .seconds(30))
      while try await centre.centre.store.terminals().first?.lastSeen != clock.now().at {
        await Task.yield()
      }
      try await revoke(centre)
      piece.yield(ByteBuffer(bytes: body.dropFirst(10)))
      piece.finish()
      #expect(try await answer.status == .forbidden)
      let listed = try await centre.centre.store.terminals().first?.certificate
      #expect(listed?.revokedAt == clock.now().at)
    }
  }

  @Test func `what was looked up before a revocation is not remembered after it`() {
    let peers = KnownPeers()
    let peer = Peer(terminal: "T", fingerprint: "f", notAfter: FixedTime().now().at)
    let before = peers.emptied
    peers.forget()
    peers.keep(peer, since: before)
    #expect(peers.peer("f") == nil)
    peers.keep(peer, since: peers.emptied)
    #expect(peers.peer("f") == peer)
  }

  @Test func `a stream looks by itself whether its certificate still counts`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let stream = try await HTTPClient.shared.execute(
        centre.request("/v1/events", at: .terminals(terminal)), timeout: .seconds(30))
      var pieces = stream.body.makeAsyncIterator()
      #expect(try await pieces.next() != nil)
      // As when it opens in the moment in which the others are ended.
      _ = try await centre.centre.store.revoke(terminal: "T0012", at: FixedTime().now().at)
      centre.centre.peers.forget()
      centre.centre.streams.beat()
      while try await pieces.next() != nil {}
      #expect(centre.centre.streams.count == 0)
    }
  }

  @Test func `who only asks for the head of the stream leaves none open`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      var request = try centre.request("/v1/events", at: .terminals(terminal))
      request.method = .HEAD
      #expect(try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status == .ok)
      #expect(centre.centre.streams.count == 0)
    }
  }

  @Test func `wrong codes through a proxy that nobody declared rest no other resident`() async throws {
    let few: RunningCentre.Change = { $0.claimLimits.perAddress.attempts = 3 }
    try await RunningCentre.serving(few) { centre in
      let terminal = try await centre.enrolled()
      func claim(_ sequence: Int, _ code: ClaimCode) async throws -> Int {
        let number = try terminal.number(sequence)
        _ = try await centre.deliver(
          terminal, terminal.message(terminal.application(UInt8(sequence))))
        return try await centre.post(
          "/v1/progress", ProgressRequest(number: number.description, claimCode: code.text)
        ).status
      }
      for sequence in 1...3 { #expect(try await claim(sequence, ClaimCode(chance: [9, 9, 9, 9, 9])) == 403) }
      #expect(try await claim(4, SampleTerminal.code) == 200)
    }
  }
}
