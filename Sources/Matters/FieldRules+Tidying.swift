// SPDX-License-Identifier: Apache-2.0

import Records

extension FieldRules {
  /// The answer as it is kept: no space around it; in numbers no space or hyphen at all,
  /// full-width digits made plain, a small x made large. To be done before judging.
  public static func tidied(_ answer: Answer, for field: FormField) -> Answer {
    guard case .text(let text) = answer else { return answer }
    switch field.type {
    case .phone, .idNumber, .uscc, .bankCard, .date, .month:
      return .text(plainNumber(text))
    case .number, .money: return .text(String(trimmed(text).map(plain)))
    case .text, .textarea, .address: return .text(trimmed(text))
    default: return answer
    }
  }

  private static func trimmed(_ text: String) -> String {
    let front = text.drop { $0.isWhitespace }
    let end = front.lastIndex { !$0.isWhitespace }
    return end.map { String(front[...$0]) } ?? ""
  }

  private static func plainNumber(_ text: String) -> String {
    String(text.filter { !$0.isWhitespace && $0 != "-" }.map(plain)).uppercased()
  }

  /// Full-width forms U+FF01…FF5E stand at a fixed distance from ASCII.
  private static func plain(_ character: Character) -> Character {
    guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1,
      (0xFF01...0xFF5E).contains(scalar.value), let ascii = Unicode.Scalar(scalar.value - 0xFEE0)
    else { return character }
    return Character(ascii)
  }
}
