// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Certificates
import Logging
import Records
import Wire

/// What the centre is made of; handed in whole by the executable. Nothing here opens the
/// contents of an envelope: for that there is the `Office`, a process of its own.
public struct Centre: Sendable {
  public var store: any CaseStore
  public var enrolmentCodes: any EnrolmentCodes
  public var keys: Keys
  public var authority: Swappable<CertificateAuthority>
  /// What the doors with TLS show.
  public var serverCertificate: Swappable<PeerCertificate>
  public var catalogues: Swappable<Catalogues>
  /// URL by which terminals reach their door; empty until it listens.
  public var terminalsAddress: Swappable<String>
  public var clock: any WallTime
  public var chance: any RandomSource
  /// Since any moment of the past; measures how long things take.
  public var elapsed: @Sendable () -> Duration
  public var words: Words
  public var pages: Pages
  public var logger: Logger
  /// Front proxies on this machine whose `X-Forwarded-For` is believed.
  public var proxies: Set<String> = []
  /// Ten wrong claim codes an hour for a number: to try all 32^8 then takes millions of
  /// years. A hundred for an address, behind which many people may sit.
  public var claimLimits = ClaimLimits(
    perNumber: ClaimLimit(attempts: 10, seconds: 3600),
    perAddress: ClaimLimit(attempts: 100, seconds: 3600))
  /// How long a terminal's certificate serves; it asks for another after two thirds.
  public var certificateDays = 90
  /// How long the body of a request may be on its way.
  public var bodySeconds: Int64 = 120

  public let streams = EventStreams()
  let meter = Meter()
  let peers = KnownPeers()

  public struct Keys: Sendable {
    public var routing: OpeningKey
    /// Public: what terminals seal contents to. The other half is not here.
    public var content: SealingKey
    public var root: RootDocument
    public var time: SigningKey
    /// Secret of the clerks.
    public var clerkToken: String

    public init(
      routing: OpeningKey, content: SealingKey, root: RootDocument, time: SigningKey,
      clerkToken: String
    ) {
      self.routing = routing
      self.content = content
      self.root = root
      self.time = time
      self.clerkToken = clerkToken
    }
  }

  public init(
    store: any CaseStore, enrolmentCodes: any EnrolmentCodes, keys: Keys,
    authority: Swappable<CertificateAuthority>, serverCertificate: Swappable<PeerCertificate>,
    catalogues: Swappable<Catalogues>, terminalsAddress: Swappable<String>, clock: any WallTime,
    chance: any RandomSource,
    elapsed: @escaping @Sendable () -> Duration, words: Words, pages: Pages, logger: Logger
  ) {
    self.store = store
    self.enrolmentCodes = enrolmentCodes
    self.keys = keys
    self.authority = authority
    self.serverCertificate = serverCertificate
    self.catalogues = catalogues
    self.terminalsAddress = terminalsAddress
    self.clock = clock
    self.chance = chance
    self.elapsed = elapsed
    self.words = words
    self.pages = pages
    self.logger = logger
  }

  func sentence(_ key: String) -> Words.Sentence {
    Words.Sentence(zh: words(key, .zh), en: words(key, .en))
  }

  func nameOfMatter(_ matter: String) -> Words.Sentence? { catalogues.current.matters[matter] }
}
