// SPDX-License-Identifier: Apache-2.0

import CPango

/// A part of a slip with a known height, drawn when its place is known.
struct SlipPiece {
  typealias Drawing = (_ cairo: OpaquePointer?, _ y: Int) -> Void

  var height: Int
  var draw: Drawing

  static func space(_ height: Int) -> SlipPiece { SlipPiece(height: height) { _, _ in } }

  static func text(_ text: SetText, x: Int) -> SlipPiece {
    SlipPiece(height: text.height) { text.draw($0, x: x, y: $1) }
  }

  /// Pieces that begin at the same height.
  static func beside(_ pieces: [SlipPiece]) -> SlipPiece {
    SlipPiece(height: pieces.map(\.height).max() ?? 0) { cairo, y in
      for piece in pieces { piece.draw(cairo, y) }
    }
  }

  static func above(_ pieces: [SlipPiece]) -> SlipPiece {
    SlipPiece(height: pieces.reduce(0) { $0 + $1.height }) { cairo, y in
      var y = y
      for piece in pieces {
        piece.draw(cairo, y)
        y += piece.height
      }
    }
  }

  /// Dashes are whole dots from the left edge, so that a row of them never blurs.
  static func rule(x: Int, width: Int, thickness: Int, dashed: Bool) -> SlipPiece {
    SlipPiece(height: thickness) { cairo, y in
      let step = dashed ? 12 : width
      for start in stride(from: 0, to: width, by: step) {
        let length = min(dashed ? 7 : width, width - start)
        cairo_rectangle(cairo, Double(x + start), Double(y), Double(length), Double(thickness))
      }
      cairo_fill(cairo)
    }
  }

  /// `piece` in a frame with round corners, `padding` above and below it.
  static func framed(_ piece: SlipPiece, x: Int, width: Int, padding: Int) -> SlipPiece {
    let height = piece.height + 2 * padding
    return SlipPiece(height: height) { cairo, y in
      let line = 4.0
      let radius = 12.0
      let left = Double(x) + line / 2
      let top = Double(y) + line / 2
      let right = Double(x + width) - line / 2
      let bottom = Double(y + height) - line / 2
      cairo_new_sub_path(cairo)
      cairo_arc(cairo, right - radius, top + radius, radius, -Double.pi / 2, 0)
      cairo_arc(cairo, right - radius, bottom - radius, radius, 0, Double.pi / 2)
      cairo_arc(cairo, left + radius, bottom - radius, radius, Double.pi / 2, Double.pi)
      cairo_arc(cairo, left + radius, top + radius, radius, Double.pi, Double.pi * 3 / 2)
      cairo_close_path(cairo)
      cairo_set_line_width(cairo, line)
      cairo_stroke(cairo)
      piece.draw(cairo, y + padding)
    }
  }

  /// The modules of a QR code; the white around them is the caller's.
  static func modules(_ rows: [String], dots: Int, x: Int) -> SlipPiece {
    SlipPiece(height: rows.count * dots) { cairo, y in
      for (row, modules) in rows.enumerated() {
        for (column, module) in modules.utf8.enumerated() where module == UInt8(ascii: "1") {
          cairo_rectangle(
            cairo, Double(x + column * dots), Double(y + row * dots), Double(dots), Double(dots))
        }
      }
      cairo_fill(cairo)
    }
  }
}
