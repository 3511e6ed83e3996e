// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Logging
import Records
import Wire

extension Centre {
  func listing(after cursor: Int64, limit: Int) async throws -> CaseListing {
    let records = try await store.applications(after: cursor, limit: limit + 1)
    let page = records.prefix(limit)
    return CaseListing(
      cases: page.map(entry),
      next: records.count > limit ? page.last.map { String($0.row) } : nil)
  }

  private func entry(_ record: CaseRecord) -> CaseEntry {
    CaseEntry(record: record, matterName: record.routing?.matter.flatMap { matters[$0] })
  }

  /// The only place where content is opened.
  func opened(_ number: CaseNumber) async throws -> OpenedCase {
    guard let record = try await store.application(number),
      let envelope = try await store.envelope(number)
    else { throw ProblemDetails.notFound }
    logger.info("case opened", metadata: ["envelope": "\(record.id)"])
    return OpenedCase(entry: entry(record), content: content(of: envelope))
  }

  private func content(of envelope: Envelope) -> Content? {
    do throws(WireFault) {
      let header = try EnvelopeHeader(canonical: envelope.header)
      return try ContentOpener(privateKey: keys.content.privateKey).open(envelope, header)
    } catch {
      logger.warning("content does not open", metadata: ["envelope": "\(envelope.id)"])
      return nil
    }
  }

  func withdraw(matter: String) async throws {
    guard matters[matter] != nil else { throw ProblemDetails.notFound }
    try await store.withdraw(matter: matter, at: clock.now().at)
    logger.notice("matter withdrawn", metadata: ["matter": "\(matter)"])
  }

  /// Takes the same time wherever the difference is.
  func isClerk(_ token: String) -> Bool {
    let given = Fingerprint.bytes(Array(token.utf8))
    let expected = Fingerprint.bytes(Array(keys.clerkToken.utf8))
    return zip(given, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
