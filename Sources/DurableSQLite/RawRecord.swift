// SPDX-License-Identifier: Apache-2.0

/// One value of a record as it lies on a page.
public enum RawValue: Hashable, Sendable {
  case null
  case integer(Int64)
  /// Kept as its bits: no table of ours holds one.
  case real(UInt64)
  case text([UInt8])
  case blob([UInt8])
}

/// One record as it lies on a page, without knowing of which table.
public struct RawRecord: Hashable, Sendable {
  /// Nil in tables without row numbers, and in indexes.
  public var row: Int64?
  public var values: [RawValue]

  public init(row: Int64?, values: [RawValue]) {
    self.row = row
    self.values = values
  }

  /// Reads a payload (SQLite file format, section 2.1, "Record Format"); nil when it makes
  /// no sense.
  init?(row: Int64?, payload: [UInt8]) {
    var reader = RawReader(payload[...])
    guard let headerSize = reader.varint(), headerSize >= 1, headerSize <= Int64(payload.count) else {
      return nil
    }
    var types: [Int64] = []
    while payload.count - reader.rest.count < Int(headerSize) {
      guard let type = reader.varint(), types.count < 100 else { return nil }
      types.append(type)
    }
    guard payload.count - reader.rest.count == Int(headerSize) else { return nil }
    var values: [RawValue] = []
    for type in types {
      guard let value = reader.value(ofType: type) else { return nil }
      values.append(value)
    }
    guard reader.rest.isEmpty else { return nil }
    self.init(row: row, values: values)
  }
}

/// Takes numbers and values from the front of some bytes; every step may fail.
struct RawReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Big-endian base 128, nine bytes at most, of which the last counts whole.
  mutating func varint() -> Int64? {
    var value: UInt64 = 0
    for place in 0..<9 {
      guard let byte = rest.popFirst() else { return nil }
      if place == 8 { return Int64(bitPattern: value << 8 | UInt64(byte)) }
      value = value << 7 | UInt64(byte & 0x7F)
      if byte < 0x80 { return Int64(bitPattern: value) }
    }
    return nil
  }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func value(ofType type: Int64) -> RawValue? {
    switch type {
    case 0: return .null
    case 1...4, 5, 6: return integer(bytes: type == 5 ? 6 : type == 6 ? 8 : Int(type))
    case 7: return take(8).map { .real($0.reduce(0) { $0 << 8 | UInt64($1) }) }
    case 8, 9: return .integer(type - 8)
    case 12...Int64(Int32.max):
      guard let bytes = take(Int(type - 12) / 2) else { return nil }
      return type % 2 == 0 ? .blob(Array(bytes)) : .text(Array(bytes))
    default: return nil
    }
  }

  /// Big-endian, two's complement.
  private mutating func integer(bytes count: Int) -> RawValue? {
    guard let bytes = take(count), let first = bytes.first else { return nil }
    let start: UInt64 = first >= 0x80 ? .max : 0
    return .integer(Int64(bitPattern: bytes.reduce(start) { $0 << 8 | UInt64($1) }))
  }
}
