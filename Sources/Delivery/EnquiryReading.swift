// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON
import Wire

/// Reads what the centre says to a question about an application.
enum EnquiryReading {
  /// RFC 9457, as far as it matters here.
  private struct ProblemDetails: Decodable {
    var type: String
    var title: String?
    var status: Int?
    var detail: String?
  }

  static func progress(of number: CaseNumber, in reply: LinkReply) throws(EnquiryFault) -> CaseProgress {
    switch (reply.status, problem(in: reply)) {
    case (200, _) where reply.mediaType == HTTPCentralLink.json:
      do throws(WireFault) {
        let progress = try CaseProgress.decode(reply.body)
        guard progress.number == number else { throw WireFault.malformed("another number") }
        return progress
      } catch {
        throw .notUnderstood
      }
    case (403, "urn:nightdesk:problem:claim-code-wrong"): throw .wrongCode
    case (429, "urn:nightdesk:problem:claim-codes-resting"):
      throw .resting(seconds: reply.retryAfter ?? 60)
    default: throw EnquiryFault(LinkTrouble(status: reply.status, retryAfter: reply.retryAfter))
    }
  }

  private static func problem(in reply: LinkReply) -> String? {
    guard reply.mediaType == "application/problem+json" else { return nil }
    // What cannot be read names no problem.
    return (try? StrictJSON.decode(ProblemDetails.self, from: reply.body))?.type
  }
}

extension EnquiryFault {
  /// For whoever waits at the terminal, a centre that is busy or not itself is not there.
  init(_ trouble: LinkTrouble) {
    self =
      switch trouble {
      case .unreachable, .notTrusted, .unknownTerminal, .later: .unreachable
      case .missing, .notUnderstood: .notUnderstood
      }
  }
}
