// SPDX-License-Identifier: Apache-2.0

/// An object with one key that names the piece, so that the page can look its renderer up.
extension Part: Encodable {
  enum CodingKeys: String, CodingKey {
    case say, notices, facts, rows, tiles, options, results, field, plate, ladder, buttons
    case drawing, heading, note
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .say(let value): try container.encode(value, forKey: .say)
    case .notices(let value): try container.encode(value, forKey: .notices)
    case .facts(let value): try container.encode(value, forKey: .facts)
    case .rows(let value): try container.encode(value, forKey: .rows)
    case .tiles(let value): try container.encode(value, forKey: .tiles)
    case .options(let value): try container.encode(value, forKey: .options)
    case .results(let value): try container.encode(value, forKey: .results)
    case .field(let value): try container.encode(value, forKey: .field)
    case .plate(let value): try container.encode(value, forKey: .plate)
    case .ladder(let value): try container.encode(value, forKey: .ladder)
    case .buttons(let value): try container.encode(value, forKey: .buttons)
    case .drawing(let value): try container.encode(value, forKey: .drawing)
    case .heading(let value): try container.encode(value, forKey: .heading)
    case .note(let value): try container.encode(value, forKey: .note)
    }
  }
}
