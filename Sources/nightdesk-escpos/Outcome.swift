// SPDX-License-Identifier: Apache-2.0

/// How it ended, as kioskd will read it.
struct Outcome: Equatable {
  enum Kind: String { case printed, notPrinted, unknown }

  var kind: Kind
  var trouble: Trouble?
  var status: PrinterStatus?

  static func printed(_ status: PrinterStatus) -> Outcome { Outcome(kind: .printed, status: status) }

  static func notPrinted(_ trouble: Trouble, _ status: PrinterStatus? = nil) -> Outcome {
    Outcome(kind: .notPrinted, trouble: trouble, status: status)
  }

  static func unknown(_ trouble: Trouble, _ status: PrinterStatus? = nil) -> Outcome {
    Outcome(kind: .unknown, trouble: trouble, status: status)
  }

  /// A flat object of texts that need no escaping.
  var json: String {
    var members = ["\"outcome\":\"\(kind.rawValue)\""]
    if let trouble { members.append("\"trouble\":\"\(trouble.rawValue)\"") }
    if let status, !status.bytes.isEmpty { members.append("\"status\":\"\(status.text)\"") }
    if let status, status.isPaperLow { members.append("\"paper\":\"low\"") }
    return "{" + members.joined(separator: ",") + "}"
  }

  /// What cupsd shows in the queue's printer-state-reasons: keywords of RFC 8011.
  var stateLines: String {
    let reasons: [(Trouble, String)] = [
      (.outOfPaper, "media-empty-warning"), (.coverOpen, "cover-open-warning"),
      (.cutter, "media-jam-warning"), (.overheated, "other-warning"),
      (.offline, "offline-report"), (.silent, "timed-out-report"),
    ]
    let low = status?.isPaperLow == true ? "+" : "-"
    return reasons.map { "STATE: \($0 == trouble ? "+" : "-")\($1)\n" }.joined()
      + "STATE: \(low)media-low-report\n"
  }
}
