// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Certificates
import NIOCore
import NIOSSL
import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

@Suite(.timeLimit(.minutes(1)))
struct CertificateRenewalsTests {
  private struct DiskFull: Error {}

  private let key = CertificateKey.generated()
  private let authority: TestAuthority
  private let credentials: TerminalCredentials
  private let kept = Reports<String>()

  init() throws {
    authority = try TestAuthority()
    credentials = try authority.credentials(key)
  }

  /// A centre that answers with `reply` and greets.
  private func centre(_ certificate: String, authority other: String? = nil) async throws -> ScriptedServer {
    let reply = CertificateReply(certificate: certificate, authority: other ?? authority.pem)
    let body = String(decoding: Canonical.encode(reply), as: UTF8.self)
    return try await ScriptedServer.start(tls: try authority.server()) { request in
      request.line.hasPrefix("POST /v1/certificates ")
        ? .http(200, "application/json", body)
        : .stored(request)
    }
  }

  private func renewals(
    _ link: any CentralLink, clock: ManualClock = ManualClock(), at time: Timestamp = TestAuthority.now,
    diskIsFull: Bool = false
  ) -> CertificateRenewals<ManualClock> {
    let (key, kept) = (key, kept)
    return CertificateRenewals(
      link: link, credentials: credentials, request: { try key.request(named: "T0012") },
      keep: { certificate, _ in
        if diskIsFull { throw DiskFull() }
        kept.add(certificate)
      }, clock: clock, now: StandingTime(at: time))
  }

  @Test func theNewCertificateIsKeptAndShownFromTheNextConnectionOn() async throws {
    let new = try authority.terminal(key: key, term: TestAuthority.term(days: 90))
    let server = try await centre(new)
    let (old, next) = (credentials.certificate, try PeerCertificate(pem: new))
    try await withLink(server, credentials) { link in
      let batch = BatchRequest(batch: "b1", terminal: "T0012", envelopes: [])
      _ = await link.deliver(batch)
      #expect(await renewals(link).renew() == .renewed(next))
      #expect(await link.deliver(batch) == .verdicts([:], auditCut: false))
    }
    #expect(kept.all == [new])
    #expect(credentials.certificate == next)
    var requests = server.requests.makeAsyncIterator()
    var shown: [String] = []
    for _ in 0..<4 {
      let peer = try #require(try await requests.one().peer)
      shown.append(try PeerCertificate(der: try peer.toDERBytes()).serial)
    }
    // Delivered, asked; greeted, delivered.
    #expect(shown == [old.serial, old.serial, next.serial, next.serial])
  }

  private func stays(
    _ certificate: String, authority other: String? = nil, diskIsFull: Bool = false
  ) async throws -> CertificateRenewalReport {
    let before = credentials.certificate
    let server = try await centre(certificate, authority: other)
    return try await withLink(server, credentials) { link in
      let outcome = await renewals(link, diskIsFull: diskIsFull).renew()
      #expect(credentials.certificate == before)
      #expect(kept.all.isEmpty)
      return outcome
    }
  }

  @Test func oneForAnotherKeyIsRefused() async throws {
    let other = try authority.terminal(key: .generated(), term: TestAuthority.term(days: 90))
    #expect(try await stays(other) == .refused("the certificate is not for this key"))
  }

  @Test func oneInAnotherNameIsRefused() async throws {
    let other = try authority.terminal("T0013", key: key, term: TestAuthority.term(days: 90))
    #expect(try await stays(other) == .refused("it is in another name"))
  }

  @Test func oneThatEndsSoonerIsRefused() async throws {
    let shorter = try authority.terminal(key: key, term: TestAuthority.term(days: 1))
    #expect(try await stays(shorter) == .refused("it holds less long than the present one"))
  }

  @Test func oneOfAnotherAuthorityIsRefusedSinceTheCentreDoesNotTakeIt() async throws {
    let foreign = try TestAuthority("another").terminal(key: key, term: TestAuthority.term(days: 90))
    #expect(try await stays(foreign) == .refused("the centre does not take it"))
  }

  @Test func anAuthorityThatDoesNotVouchForTheCentreIsRefused() async throws {
    let new = try authority.terminal(key: key, term: TestAuthority.term(days: 90))
    let outcome = try await stays(new, authority: try TestAuthority("another").pem)
    #expect(outcome == .refused("the authority that came with it does not vouch for the centre"))
  }

  @Test func rubbishIsRefused() async throws {
    guard case .refused = try await stays("-----BEGIN CERTIFICATE-----\nrubbish") else {
      Issue.record("it was taken")
      return
    }
  }

  @Test func whatTheDiskDoesNotTakeIsNotUsed() async throws {
    let new = try authority.terminal(key: key, term: TestAuthority.term(days: 90))
    #expect(try await stays(new, diskIsFull: true) == .notKept)
  }

  @Test func itAsksOnlyAfterTwoThirdsOfTheTime() async throws {
    for (days, asked) in [(1, 0), (5, 1)] {
      let clock = ManualClock()
      let link = CountingLink()
      let time = TestAuthority.now.advanced(bySeconds: Int64(days) * 86_400)
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await renewals(link, clock: clock, at: time).run() }
        var naps = clock.naps.makeAsyncIterator()
        _ = await naps.next()
        group.cancelAll()
      }
      #expect(link.count.withLock { $0 } == asked)
    }
  }
}

/// Counts what it is asked for and is never there.
private final class CountingLink: CentralLink {
  let count = Mutex(0)

  func deliver(_ batch: BatchRequest) async -> CentralAnswer { .unreachable }
  func progress(
    of number: CaseNumber, code: ClaimCode?
  ) async throws(EnquiryFault) -> CaseProgress { throw .unreachable }
  func catalogue(after version: Int) async throws(LinkTrouble) -> [UInt8]? { throw .unreachable }
  func certify(_ request: String) async throws(LinkTrouble) -> CertificateReply {
    count.withLock { $0 += 1 }
    throw .unreachable
  }
  func greet(as credentials: TerminalCredentials) async throws(LinkTrouble) { throw .unreachable }
  func acknowledge(
    _ command: String, _ outcome: CommandOutcome
  ) async throws(LinkTrouble) { throw .unreachable }
  func events(
    after id: String?, hear: @escaping @Sendable ([UInt8]) async -> Void
  ) async -> LinkTrouble? { .unreachable }
}
