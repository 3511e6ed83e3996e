// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// One byte form for each value: JSON without spaces, keys in order, slashes bare. What is
/// signed or authenticated is written this way and read back only when it is this way.
public enum Canonical {
  /// The value must hold no fractions: those have no one form.
  public static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(value))
    } catch {
      preconditionFailure("a value of ours has no JSON form")
    }
  }
}
