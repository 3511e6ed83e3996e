// SPDX-License-Identifier: Apache-2.0

/// One page of a database file as bytes (SQLite file format, section 1.6, "B-tree Pages").
/// Knows no tree: a page is read for itself, wherever it hangs.
struct RawPage {
  static let size = 4096

  let bytes: [UInt8]
  /// 100 on the first page, which begins with the file's own header.
  let start: Int

  /// Where the payload of one record lies.
  struct Cell {
    var row: Int64?
    var size: Int
    var local: ArraySlice<UInt8>
    /// First page of the rest; nil when there is none.
    var overflow: Int?
  }

  /// Records on this page; empty for a page that holds none, or makes no sense.
  var cells: [Cell] {
    guard bytes.count == Self.size else { return [] }
    let isTable: Bool
    let isInner: Bool
    switch bytes[start] {
    case 0x0D: (isTable, isInner) = (true, false)
    case 0x0A: (isTable, isInner) = (false, false)
    // In a tree without row numbers inner pages hold records too.
    case 0x02: (isTable, isInner) = (false, true)
    default: return []
    }
    let first = start + (isInner ? 12 : 8)
    let count = min(number(at: start + 3), (Self.size - first) / 2)
    return (0..<count).compactMap { index in
      cell(at: number(at: first + 2 * index), isTable: isTable, isInner: isInner)
    }
  }

  private func number(at place: Int) -> Int { Int(bytes[place]) << 8 | Int(bytes[place + 1]) }

  private func cell(at place: Int, isTable: Bool, isInner: Bool) -> Cell? {
    guard place >= start + 8, place < Self.size else { return nil }
    var reader = RawReader(bytes[place...])
    if isInner { _ = reader.take(4) }
    guard let size = reader.varint(), size > 0, size < 1 << 28 else { return nil }
    var row: Int64?
    if isTable {
      row = reader.varint()
      if row == nil { return nil }
    }
    let here = Self.local(Int(size), isTable: isTable)
    guard let local = reader.take(here) else { return nil }
    if here == Int(size) { return Cell(row: row, size: Int(size), local: local) }
    guard let next = reader.take(4) else { return nil }
    let overflow = next.reduce(0) { $0 << 8 | Int($1) }
    return Cell(row: row, size: Int(size), local: local, overflow: overflow)
  }

  /// How much of a payload lies on the page itself.
  private static func local(_ size: Int, isTable: Bool) -> Int {
    let most = isTable ? Self.size - 35 : (Self.size - 12) * 64 / 255 - 23
    if size <= most { return size }
    let least = (Self.size - 12) * 32 / 255 - 23
    let fitting = least + (size - least) % (Self.size - 4)
    return fitting <= most ? fitting : least
  }
}
