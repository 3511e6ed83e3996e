// SPDX-License-Identifier: Apache-2.0

import CPango
import Records

/// Draws slips for one kind of paper. The same slip gives the same dots, always.
/// Not for two threads at once; the first slip after a start takes some 50 ms (fonts).
public final class SlipLayout {
  /// Rows drawn at a time: bounds the memory, whatever the length of a slip.
  private static let strip = 1024
  /// Coverage from which a dot is burnt, of 255. Lower is bolder.
  private static let threshold: UInt8 = 92

  let style: SlipStyle
  let typesetter = Typesetter()

  public init(paper: PrinterModel.Paper) { style = SlipStyle(paper) }

  public func bitmap(of slip: Slip) -> SlipBitmap {
    var pieces = [SlipPiece.space(16)]
    for block in slip.blocks {
      let piece = self.piece(block)
      if piece.height > 0 { pieces.append(piece) }
    }
    pieces.append(.space(32))
    return drawn(pieces)
  }

  private func piece(_ block: SlipBlock) -> SlipPiece {
    switch block {
    case .site(let above, let name, let below): site(above, name, below)
    case .title(let title, let state): self.title(title, state)
    case .rule(let dashed): rule(dashed: dashed)
    case .number(let caption, let lines): number(caption, lines)
    case .claim(let caption, let code): claim(caption, code)
    case .facts(let facts): self.facts(facts)
    case .boxed(let sentence): boxed(sentence)
    case .numbered(let sentences): numbered(sentences)
    case .codes(let codes): self.codes(codes)
    case .closing(let sentence): closing(sentence)
    }
  }

  private func drawn(_ pieces: [SlipPiece]) -> SlipBitmap {
    var bitmap = SlipBitmap(width: style.width)
    let height = pieces.reduce(0) { $0 + $1.height }
    let surface = cairo_image_surface_create(
      CAIRO_FORMAT_A8, Int32(style.width), Int32(Self.strip))
    defer { cairo_surface_destroy(surface) }
    for top in stride(from: 0, to: height, by: Self.strip) {
      draw(pieces, from: top, on: surface)
      guard let data = cairo_image_surface_get_data(surface) else { break }
      bitmap.append(
        coverage: data, stride: Int(cairo_image_surface_get_stride(surface)),
        rows: min(Self.strip, height - top), threshold: Self.threshold)
    }
    return bitmap
  }

  private func draw(_ pieces: [SlipPiece], from top: Int, on surface: OpaquePointer?) {
    let cairo = cairo_create(surface)
    defer { cairo_destroy(cairo) }
    cairo_set_operator(cairo, CAIRO_OPERATOR_CLEAR)
    cairo_paint(cairo)
    cairo_set_operator(cairo, CAIRO_OPERATOR_OVER)
    cairo_set_source_rgba(cairo, 0, 0, 0, 1)
    var y = -top
    for piece in pieces {
      if y + piece.height >= 0, y < Self.strip { piece.draw(cairo, y) }
      y += piece.height
    }
    cairo_surface_flush(surface)
  }
}
