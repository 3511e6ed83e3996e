// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Logging
import Records
import Wire

/// What the centre is made of; handed in whole by the executable.
public struct Centre: Sendable {
  public var store: any CaseStore
  public var enrolmentCodes: any EnrolmentCodes
  public var keys: Keys
  public var clock: any WallTime
  public var words: Words
  /// Names of the matters in the catalogue, by id.
  public var matters: [String: Words.Sentence]
  public var pages: Pages
  public var logger: Logger
  /// Ten wrong claim codes an hour: to try all 32^8 then takes millions of years.
  public var claimLimit = ClaimLimit(attempts: 10, seconds: 3600)

  public struct Keys: Sendable {
    public var routing: OpeningKey
    public var content: OpeningKey
    public var root: RootDocument
    /// Secret of the clerks' pages.
    public var clerkToken: String

    public init(routing: OpeningKey, content: OpeningKey, root: RootDocument, clerkToken: String) {
      self.routing = routing
      self.content = content
      self.root = root
      self.clerkToken = clerkToken
    }
  }

  public init(
    store: any CaseStore, enrolmentCodes: any EnrolmentCodes, keys: Keys, clock: any WallTime,
    words: Words, matters: [String: Words.Sentence], pages: Pages, logger: Logger
  ) {
    self.store = store
    self.enrolmentCodes = enrolmentCodes
    self.keys = keys
    self.clock = clock
    self.words = words
    self.matters = matters
    self.pages = pages
    self.logger = logger
  }

  func sentence(_ key: String) -> Words.Sentence {
    Words.Sentence(zh: words(key, .zh), en: words(key, .en))
  }
}
