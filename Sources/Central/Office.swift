// SPDX-License-Identifier: Apache-2.0

import Logging
import Records
import Wire

/// The back office: the only part of the centre that opens contents. It keeps nothing; what
/// it shows it fetches, sealed, from the centre, with the clerk's own token.
public struct Office: Sendable {
  public var centre: any CentreLink
  /// Opens contents.
  public var key: OpeningKey
  /// Secret of the clerks.
  public var clerkToken: String
  public var words: Words
  public var pages: Pages
  public var logger: Logger
  public var bodySeconds: Int64 = 120

  public init(
    centre: any CentreLink, key: OpeningKey, clerkToken: String, words: Words, pages: Pages,
    logger: Logger
  ) {
    self.centre = centre
    self.key = key
    self.clerkToken = clerkToken
    self.words = words
    self.pages = pages
    self.logger = logger
  }

  /// What was sealed in a case; nil when it does not open. The envelope must be the one that
  /// was asked for: whoever answers cannot put another in its place.
  func content(of message: EnvelopeMessage, number: CaseNumber) -> Content? {
    do throws(WireFault) {
      let (envelope, header) = try message.envelope()
      guard header.number == number else { throw .partMismatch }
      return try ContentOpener(privateKey: key.privateKey).open(envelope, header)
    } catch {
      logger.warning("content does not open", metadata: ["fault": "\(error)"])
      return nil
    }
  }
}

/// The way from the back office to the centre's door for clerks.
public protocol CentreLink: Sendable {
  /// Throws when no answer came.
  func ask(_ question: CentreQuestion) async throws -> CentreAnswer
}

public struct CentreQuestion: Hashable, Sendable {
  public var isPost: Bool
  /// With the query, from the slash on.
  public var path: String
  public var token: String
  public var body: [UInt8]

  public init(isPost: Bool, path: String, token: String, body: [UInt8] = []) {
    self.isPost = isPost
    self.path = path
    self.token = token
    self.body = body
  }
}

public struct CentreAnswer: Hashable, Sendable {
  public var status: Int
  public var mediaType: String
  public var body: [UInt8]

  public init(status: Int, mediaType: String, body: [UInt8]) {
    self.status = status
    self.mediaType = mediaType
    self.body = body
  }
}
