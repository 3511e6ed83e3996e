// SPDX-License-Identifier: Apache-2.0

/// The name of a print job: 32 characters of lower-case hexadecimal, so that it can be a
/// file's name without a second thought.
struct JobName: Equatable {
  static let length = 32
  let text: String

  init?(_ characters: some Collection<UInt8>) {
    guard characters.count == Self.length,
      characters.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    text = String(decoding: characters, as: UTF8.self)
  }
}
