// SPDX-License-Identifier: Apache-2.0

/// How long answers may take and how much may be under way: from the model's file,
/// by way of the job's options.
struct Limits: Equatable {
  var firstAnswer = 8_000
  var answer = 1_000
  var printing = 20_000
  var window = 32_768

  init() {}

  /// Options as cupsd hands them on, `name=value` between spaces; others are not ours.
  init(options: String) {
    for option in options.split(separator: " ") {
      let parts = option.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let value = Int(parts[1]), (0...1_048_576).contains(value) else {
        continue
      }
      switch parts[0] {
      case "nightdesk-first-answer": firstAnswer = value
      case "nightdesk-answer": answer = value
      case "nightdesk-printing": printing = value
      case "nightdesk-window": window = value
      default: break
      }
    }
  }
}
