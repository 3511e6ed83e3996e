// SPDX-License-Identifier: Apache-2.0

import Records

/// The blocks with something beside something else.
extension SlipLayout {
  /// Terms in a column as wide as the longest of them, within limits; longer ones wrap.
  func facts(_ facts: [SlipFact]) -> SlipPiece {
    let gap = 18
    let widest = facts.map { typesetter.set($0.term, style.text).width }.max() ?? 0
    let most = max(style.inner / 3, style.text.size * 5 + 4)
    let column = min(max(widest, style.text.size * 4), most)
    var pieces: [SlipPiece] = []
    for fact in facts {
      let term = typesetter.set(fact.term, style.text, width: column)
      let text = typesetter.set(fact.text, style.bold, width: style.inner - column - gap)
      if !pieces.isEmpty { pieces.append(.space(7)) }
      pieces.append(
        .beside([.text(term, x: style.margin), .text(text, x: style.margin + column + gap)]))
    }
    return .above(pieces)
  }

  /// Side by side on one foot line when they fit, the spare room shared out evenly;
  /// else one below the other.
  func codes(_ codes: [SlipCode]) -> SlipPiece {
    let figures = codes.enumerated().compactMap { index, code in
      figure(code, dots: index == 0 ? style.dotsPerModule : style.dotsPerLesserModule)
    }
    let total = figures.reduce(0) { $0 + $1.width }
    guard total <= style.inner, !style.isNarrow else {
      let pieces = figures.map { $0.piece(at: (style.width - $0.width) / 2, foot: $0.side) }
      return .above(Array(pieces.map { [$0] }.joined(separator: [.space(14)])))
    }
    let spare = (style.inner - total) / max(1, figures.count)
    let foot = figures.map(\.side).max() ?? 0
    var x = style.margin + spare / 2
    var pieces: [SlipPiece] = []
    for figure in figures {
      pieces.append(figure.piece(at: x, foot: foot))
      x += figure.width + spare
    }
    return .beside(pieces)
  }

  /// A payload that no code can hold is left out: its number stands above in letters.
  private func figure(_ code: SlipCode, dots: Int) -> CodeFigure? {
    guard let rows = QRCode.rows(code.payload) else { return nil }
    let modules = rows.count + 8
    let fitting = min(dots, style.width / modules)
    guard fitting >= 2 else { return nil }
    let side = fitting * modules
    let width = max(side, min(style.inner, 200))
    return CodeFigure(
      rows: rows, dots: fitting, side: side, width: width,
      caption: typesetter.centre(code.caption, style.small, width: width))
  }
}

/// A QR code in its quiet zone (4 modules, ISO/IEC 18004) with the words below it.
private struct CodeFigure {
  var rows: [String]
  var dots: Int
  /// Of the code with its quiet zone.
  var side: Int
  var width: Int
  var caption: SetText

  /// `foot` is how far below its top the quiet zone ends.
  func piece(at x: Int, foot: Int) -> SlipPiece {
    let quiet = 4 * dots
    let modules = SlipPiece.modules(rows, dots: dots, x: x + (width - side) / 2 + quiet)
    return .above([
      .space(foot - side + quiet), modules, .space(quiet), .text(caption, x: x),
    ])
  }
}
