// SPDX-License-Identifier: Apache-2.0

import Records

/// What our filter wrote about a job. A file that is not exactly that is "unknown": the
/// job has run, nobody can say how far.
struct OutcomeRecord: Hashable, Sendable {
  var outcome: SlipOutcome
  var isPaperLow: Bool

  init(outcome: SlipOutcome, isPaperLow: Bool = false) {
    self.outcome = outcome
    self.isPaperLow = isPaperLow
  }

  init(_ bytes: some Collection<UInt8>) {
    let members = Self.members(String(decoding: bytes, as: UTF8.self)) ?? [:]
    let trouble = members["trouble"].flatMap(SlipTrouble.init(rawValue:))
    switch (members["outcome"], trouble) {
    case ("printed", nil): outcome = .printed
    case ("notPrinted", let trouble?): outcome = .notPrinted(trouble)
    case ("unknown", let trouble?): outcome = .unknown(trouble)
    default: outcome = .unknown(.spooler)
    }
    isPaperLow = members["paper"] == "low"
  }

  /// The members of `{"name":"text",…}`, a flat object of texts without escapes; nil for
  /// anything else.
  private static func members(_ text: String) -> [String: String]? {
    var rest = text[...]
    while let last = rest.last, last == "\n" { rest.removeLast() }
    guard rest.first == "{", rest.last == "}", !rest.contains("\\") else { return nil }
    var members: [String: String] = [:]
    for member in rest.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false) {
      let parts = member.split(separator: ":", maxSplits: 1).compactMap(quoted)
      guard parts.count == 2, members.updateValue(parts[1], forKey: parts[0]) == nil else {
        return nil
      }
    }
    return members
  }

  private static func quoted(_ text: Substring) -> String? {
    guard text.count > 2, text.first == "\"", text.last == "\"" else { return nil }
    let inner = text.dropFirst().dropLast()
    return inner.contains("\"") ? nil : String(inner)
  }
}
