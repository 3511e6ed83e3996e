// SPDX-License-Identifier: Apache-2.0

import Simulators

extension EventLog.Event: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(ns, forKey: Key(stringValue: "ns"))
    try container.encode(name, forKey: Key(stringValue: "event"))
    for (key, detail) in details {
      switch detail {
      case .text(let text): try container.encode(text, forKey: Key(stringValue: key))
      case .number(let number): try container.encode(number, forKey: Key(stringValue: key))
      case .flag(let flag): try container.encode(flag, forKey: Key(stringValue: key))
      }
    }
  }
}
