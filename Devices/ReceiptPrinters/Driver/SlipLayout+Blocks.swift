// SPDX-License-Identifier: Apache-2.0

import Records

/// The blocks that are text from edge to edge.
extension SlipLayout {
  func site(_ above: String, _ name: String, _ below: String) -> SlipPiece {
    .above([centred(above, style.text), centred(name, style.bold), centred(below, style.text)])
  }

  func title(_ title: String, _ state: String) -> SlipPiece {
    let face = typesetter.fitted(title, style.title, width: style.inner)
    return .above([.space(14), centred(title, face), centred(state, style.bold), .space(2)])
  }

  func rule(dashed: Bool) -> SlipPiece {
    let line = SlipPiece.rule(
      x: style.margin, width: style.inner, thickness: dashed ? 2 : 3, dashed: dashed)
    return .above([.space(18), line, .space(16)])
  }

  func number(_ caption: String, _ lines: [String]) -> SlipPiece {
    let sizes = lines.map { typesetter.fitted($0, style.number, width: style.inner).size }
    let face = style.number.sized(sizes.min() ?? style.number.size)
    return .above([left(caption, style.small)] + lines.map { left($0, face) } + [.space(8)])
  }

  /// Caption and code on one baseline; one above the other when both do not fit.
  func claim(_ caption: String, _ code: String) -> SlipPiece {
    let gap = 22
    let term = typesetter.set(caption, style.small, width: style.inner)
    let room = style.inner - term.width - gap
    let face = typesetter.fitted(code, style.claim, width: room)
    let text = typesetter.set(code, face)
    guard text.width <= room, term.lineCount == 1 else {
      let whole = typesetter.fitted(code, style.claim, width: style.inner)
      return .above([left(caption, style.small), left(code, whole)])
    }
    let drop = text.baseline - term.baseline
    let lowered = SlipPiece.above([.space(max(0, drop)), .text(term, x: style.margin)])
    return .beside([lowered, .text(text, x: style.margin + term.width + gap)])
  }

  func boxed(_ sentence: String) -> SlipPiece {
    let width = style.inner - 36
    let text = typesetter.centre(sentence, style.boxed, width: width)
    let piece = SlipPiece.text(text, x: style.margin + 18)
    let frame = SlipPiece.framed(piece, x: style.margin, width: style.inner, padding: 13)
    return .above([.space(4), frame, .space(18)])
  }

  func numbered(_ sentences: [String]) -> SlipPiece {
    let indent = typesetter.set("\(max(8, sentences.count)). ", style.text).width + 6
    var pieces: [SlipPiece] = []
    for (index, sentence) in sentences.enumerated() {
      let text = typesetter.set(sentence, style.text, width: style.inner - indent)
      let figure = typesetter.set("\(index + 1).", style.text)
      if index > 0 { pieces.append(.space(9)) }
      pieces.append(
        .beside([.text(figure, x: style.margin), .text(text, x: style.margin + indent)]))
    }
    return .above(pieces)
  }

  func closing(_ sentence: String) -> SlipPiece {
    .above([.space(18), centred(sentence, style.small)])
  }

  func left(_ text: String, _ face: Typeface) -> SlipPiece {
    guard !text.isEmpty else { return .space(0) }
    return .text(typesetter.set(text, face, width: style.inner), x: style.margin)
  }

  func centred(_ text: String, _ face: Typeface) -> SlipPiece {
    guard !text.isEmpty else { return .space(0) }
    return .text(typesetter.centre(text, face, width: style.inner), x: style.margin)
  }
}
