// SPDX-License-Identifier: Apache-2.0

import Certificates
import Records
import Synchronization
import Wire

/// How asking for another certificate ended. In each case but the first the present one stays.
public enum CertificateRenewalReport: Hashable, Sendable {
  case renewed(PeerCertificate)
  /// The one that came is no good: not for our key or name, of less time than the present one,
  /// or the centre itself does not take it.
  case refused(String)
  /// No request could be made, or the disk does not take the new one.
  case notKept
  case trouble(LinkTrouble)
}

/// Asks for another certificate when two thirds of the present one's time are over, or when
/// told, and tries it with the centre before it takes the place of the old.
public struct CertificateRenewals<Time: Clock<Duration>>: Sendable {
  private let link: any CentralLink
  private let credentials: TerminalCredentials
  private let request: @Sendable () throws -> String
  private let keep: @Sendable (_ certificate: String, _ authority: String) throws -> Void
  private let chance: (any RandomSource)?
  private let clock: Time
  private let now: any WallTime
  private let report: @Sendable (CertificateRenewalReport) -> Void
  private let order = StandingOrder()
  private let turn = Turn()

  /// - Parameters:
  ///   - request: a PKCS #10 in PEM, by the terminal's key.
  ///   - keep: puts certificate and authority durably where the next start reads them. Only
  ///     then they are used.
  ///   - chance: spreads the hourly look over five minutes.
  public init(
    link: any CentralLink, credentials: TerminalCredentials,
    request: @escaping @Sendable () throws -> String,
    keep: @escaping @Sendable (_ certificate: String, _ authority: String) throws -> Void,
    chance: (any RandomSource)? = nil, clock: Time, now: any WallTime,
    report: @escaping @Sendable (CertificateRenewalReport) -> Void = { _ in }
  ) {
    self.link = link
    self.credentials = credentials
    self.request = request
    self.keep = keep
    self.chance = chance
    self.clock = clock
    self.now = now
    self.report = report
  }

  /// Looks every hour whether it is time, until the task is cancelled.
  public func run() async {
    await order.run(clock: clock, chance: chance, every: .seconds(3600), first: .seconds(60)) {
      guard credentials.certificate.isDueForRenewal(at: now.now().at) else { return true }
      if case .renewed = await renew() { return true }
      return false
    }
  }

  /// Asks now. Two at once are done one after the other.
  @discardableResult
  public func renew() async -> CertificateRenewalReport {
    await turn.take()
    let outcome = await exchange()
    turn.leave()
    report(outcome)
    return outcome
  }

  private func exchange() async -> CertificateRenewalReport {
    guard let request = try? request() else { return .notKept }
    do throws(LinkTrouble) {
      let reply = try await link.certify(request)
      let candidate: TerminalCredentials
      do throws(CertificateFault) {
        candidate = try credentials.with(certificate: reply.certificate, authority: reply.authority)
      } catch {
        return .refused("\(error)")
      }
      if let objection = objection(to: candidate.certificate) { return .refused(objection) }
      // The last word has the centre: whether it takes the certificate, and whether the
      // authority that came with it vouches for the centre.
      do throws(LinkTrouble) {
        try await link.greet(as: candidate)
      } catch .notTrusted {
        return .refused("the authority that came with it does not vouch for the centre")
      } catch .unknownTerminal {
        return .refused("the centre does not take it")
      }
      return take(reply, candidate.certificate)
    } catch {
      return .trouble(error)
    }
  }

  private func objection(to new: PeerCertificate) -> String? {
    let old = credentials.certificate
    if new.name != old.name { return "it is in another name" }
    if new.notAfter < old.notAfter { return "it holds less long than the present one" }
    return nil
  }

  private func take(_ reply: CertificateReply, _ new: PeerCertificate) -> CertificateRenewalReport {
    do {
      try keep(reply.certificate, reply.authority)
      try credentials.replace(certificate: reply.certificate, authority: reply.authority)
      return .renewed(new)
    } catch {
      return .notKept
    }
  }
}

/// Lets one at a time through.
private final class Turn: Sendable {
  private let state = Mutex<(isTaken: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

  func take() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        defer { state.isTaken = true }
        if state.isTaken { state.waiting.append(continuation) }
        return !state.isTaken
      }
      if isFree { continuation.resume() }
    }
  }

  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard let first = state.waiting.first else {
        state.isTaken = false
        return nil
      }
      state.waiting.removeFirst()
      return first
    }
    next?.resume()
  }
}
