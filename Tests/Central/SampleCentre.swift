// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Certificates
import Logging
import NIOSSL
import Records
import Synchronization
import Testing
import Wire

@testable import Central

/// A centre with keys of its own, at a time that stands still.
struct SampleCentre: Sendable {
  var centre: Centre
  let key: CertificateKey
  let certificate: String
  /// The other half of what terminals seal contents to.
  static let content = OpeningKey.generated()

  static func make(_ store: any CaseStore, _ codes: CodesInMemory) throws -> SampleCentre {
    let authority = try CertificateAuthority.make(name: "sample", term: term(1))
    let key = CertificateKey.generated()
    let certificate = try authority.certify(server: key, names: ["127.0.0.1"], term: term(2))
    let count = Mutex<Int64>(0)
    return SampleCentre(
      centre: Centre(
        store: store, enrolmentCodes: codes,
        keys: .init(
          routing: .generated(), content: content.sealingKey,
          root: RootDocument(version: 1, signers: [], threshold: 1), time: .generated(),
          clerkToken: RunningCentre.clerkToken),
        authority: Swappable(authority), serverCertificate: Swappable(try .init(pem: certificate)),
        catalogues: Swappable(Catalogues(matters: ["card": .init(zh: "尊老金申领", en: "Old-age allowance")])),
        terminalsAddress: Swappable(""), clock: FixedTime(), chance: CountingChance(),
        elapsed: {
          .milliseconds(
            count.withLock {
              $0 += 3
              return $0
            })
        },
        words: words, pages: pages,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }), key: key,
      certificate: certificate)
  }

  /// Long: TLS reads the clock of this machine, whatever time a test is at.
  static func term(_ serial: UInt8) -> CertificateAuthority.Term {
    .init(
      serial: Array(repeating: serial, count: 16),
      from: Timestamp(milliseconds: 1_600_000_000_000), days: 36_500)
  }

  func context(_ authority: CertificateAuthority) throws -> NIOSSLContext {
    try DoorTLS.context(
      certificate: certificate, privateKey: key.pem, authority: authority.certificate)
  }

  /// Packs well, but not so well that a client takes it for a bomb.
  static let long = Array((0..<4000).map { "\($0 * 7919 % 10_007) " }.joined().utf8)

  static let pages = Pages(
    progress: """
      {{zh page.title}}|{{state}}|{{number}}|{{number1}}|{{number2}}|{{headline.zh}}|{{advice.en}}
      """,
    illFormed: "no number: {{en page.title}}", clerk: "clerk: {{zh page.title}}",
    assets: [
      "a.js": .init(bytes: [1, 2], mediaType: "text/javascript"),
      "long.css": .init(bytes: long, mediaType: "text/css"),
    ])

  static let words: Words = {
    let sentences = [
      "centre.state.notArrived": ("尚未收到，可能仍在终端待传", "Not yet"),
      "centre.state.received": ("已收到", "Received"),
      "centre.state.refused": ("传送未成功（技术原因），不是不予受理。", "Not taken."),
      "centre.state.withdrawn": ("已撤回", "Withdrawn"),
      "centre.advice.notArrived": ("请等候", "Wait"), "centre.advice.received": ("等通知", "Wait"),
      "centre.advice.refused": ("工作人员正在核对。", "Staff look into it."),
      "centre.advice.matterWithdrawn": ("该事项已停止办理。", "Withdrawn."),
      "centre.advice.claimMismatch": ("查询码不符。", "Other code."),
      "centre.advice.withdrawn": ("不再办理", "Taken back"),
      "centre.advice.withdrawal": ("撤回", "Withdrawal"),
      "centre.advice.correction": ("更正", "Correction"),
      "page.title": ("进度 & <事项>", "Progress"),
    ]
    return Words(sentences.mapValues { Words.Sentence(zh: $0.0, en: $0.1) })
  }()
}

/// The time a test is at.
struct FixedTime: WallTime {
  func now() -> QualifiedTime {
    QualifiedTime(at: SampleTerminal.night.advanced(bySeconds: 600), quality: .synchronised)
  }
}

/// Never the same bytes twice.
final class CountingChance: RandomSource {
  private let count = Mutex<UInt8>(0)

  func bytes(_ count: Int) -> [UInt8] {
    let next = self.count.withLock { last -> UInt8 in
      last &+= 1
      return last
    }
    return Array(repeating: next, count: count)
  }
}

/// One-time codes, as the folder of the real centre keeps them.
final class CodesInMemory: EnrolmentCodes {
  private let promises = Mutex<[String: EnrolmentPromise]>([:])

  func make(for terminal: String, chance: UInt8, validSeconds: Int64 = 3600) -> String {
    let code = EnrolmentCode(chance: Array(repeating: chance, count: 10))
    promises.withLock {
      $0[code.hash] = EnrolmentPromise(
        terminal: terminal, area: "320507",
        validUntil: FixedTime().now().at.advanced(bySeconds: validSeconds))
    }
    return code.grouped
  }

  func promise(of codeHash: String) async -> EnrolmentPromise? {
    promises.withLock { $0[codeHash] }
  }

  func forget(_ codeHash: String) async { promises.withLock { $0[codeHash] = nil } }
}
