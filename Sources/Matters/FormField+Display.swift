// SPDX-License-Identifier: Apache-2.0

import Records

extension FormField {
  /// An answer as it stands on a screen that others may see: masked as the catalogue says,
  /// choices by their labels.
  public func display(_ answer: Answer, _ words: Words, _ language: Language) -> String {
    masked(plain(answer, words, language))
  }

  /// The same without the mask.
  public func plain(_ answer: Answer, _ words: Words, _ language: Language) -> String {
    switch answer {
    case .flag(let flag): return flag ? words("form.yes", language) : words("form.no", language)
    case .chosen(let values):
      return values.map { optionLabel($0, language) }.joined(separator: language == .zh ? "、" : ", ")
    case .text(let text): return plain(text, words, language)
    }
  }

  /// The label of an option; the value itself where there is no such option.
  public func optionLabel(_ value: String, _ language: Language) -> String {
    options?.first { $0.value == value }?.label.text(language) ?? value
  }

  private func plain(_ text: String, _ words: Words, _ language: Language) -> String {
    switch type {
    case .select: optionLabel(text, language)
    case .date: Day(digits: text)?.dashed ?? text
    case .month where text.count == 6: text.prefix(4) + "-" + text.suffix(2)
    case .money: words("form.money", language, ["amount": text])
    default: text
    }
  }

  private func masked(_ text: String) -> String {
    switch mask {
    case .none: text
    case .name: Masked.name(text)
    case .id: Masked.middle(text, head: 0, tail: 4)
    case .phone: Masked.middle(text, head: 3, tail: 4)
    case .address: Masked.address(text)
    case .card: Masked.middle(text, head: 0, tail: 4)
    }
  }
}
