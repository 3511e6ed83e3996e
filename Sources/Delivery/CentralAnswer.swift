// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON
import Wire

/// What the centre said to a batch, as far as it concerns the outbox.
public enum CentralAnswer: Hashable, Sendable {
  /// The only answer that takes anything out of the outbox.
  case verdicts([EnvelopeID: Verdict])
  /// The centre does not know this terminal: everything waits, staff hear of it.
  case unknownTerminal
  /// The batch is too much or one of it cannot be read: halve and try again.
  case tooMuch
  /// Busy, broken, or something between us that answers for it.
  case later(seconds: Int?)
  /// No answer at all.
  case unreachable
  /// An answer of another kind than any we know: everything waits.
  case notUnderstood

  /// Reads an answer. A status alone never settles an item: only a verdict for it, in our
  /// media type, in a reply that echoes the batch.
  static func read(
    status: Int, contentType: String?, retryAfter: String?, body: [UInt8], batch: String
  ) -> CentralAnswer {
    let ours = contentType?.split(separator: ";").first.map { String($0) } == BatchReply.mediaType
    if status == 200, ours {
      return verdicts(in: body, of: batch)
    }
    return switch status {
    case 401, 403, 407, 421: .unknownTerminal
    case 413, 422: .tooMuch
    case 408, 425, 429, 500...599: .later(seconds: retryAfter.flatMap { Int($0) })
    // A captive portal says 200 or sends elsewhere.
    case 200...399: .later(seconds: nil)
    default: .notUnderstood
    }
  }

  private static func verdicts(in body: [UInt8], of batch: String) -> CentralAnswer {
    do throws(JSONFault) {
      let reply = try StrictJSON.decode(BatchReply.self, from: body)
      guard reply.batch == batch else { return .notUnderstood }
      var verdicts: [EnvelopeID: Verdict] = [:]
      for message in reply.verdicts {
        // A refusal without a reason says nothing.
        if let verdict = message.meaning { verdicts[message.id] = verdict }
      }
      return .verdicts(verdicts)
    } catch {
      return .notUnderstood
    }
  }
}

/// The terminal's one way to the centre.
public protocol CentralLink: Sendable {
  func deliver(_ batch: BatchRequest) async -> CentralAnswer
}
