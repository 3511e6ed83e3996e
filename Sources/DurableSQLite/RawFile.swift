// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A database file and its log, read page by page without SQLite: what is left when the file
/// is damaged. No tree is followed, so that a damaged page costs what lies on it and nothing
/// else, be it the root of everything.
public final class RawFile {
  /// Where one record lies.
  public struct Place: Hashable, Sendable {
    fileprivate var page: Version
    fileprivate var cell: Int

    /// The first record of a page in the log.
    init(offset: Int) {
      page = .log(offset: offset, page: 0)
      cell = 0
    }

    fileprivate init(page: Version, cell: Int) {
      self.page = page
      self.cell = cell
    }
  }

  fileprivate enum Version: Hashable, Sendable {
    case file(Int)
    case log(offset: Int, page: Int)
  }

  private let file: CInt
  private let log: CInt
  private let pages: Int
  private let frames: [RawLog.Frame]
  /// The newest version of each page that is in the log.
  private let newest: [Int: RawLog.Frame]

  /// Reads only.
  public init(path: String) throws(OpenFault) {
    file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw OpenFault("\(path) cannot be read", systemError: errno) }
    let log = open(path + "-wal", O_RDONLY | O_CLOEXEC)
    self.log = log
    var status = stat()
    pages = fstat(file, &status) == 0 ? Int(status.st_size) / RawPage.size : 0
    frames = log < 0 ? [] : RawLog.frames { Self.bytes(of: log, at: $0, $1) }
    newest = frames.reduce(into: [:]) { $0[$1.page] = $1 }
  }

  deinit {
    close(file)
    if log >= 0 { close(log) }
  }

  /// Every record of every version of every page, older versions first: one row may come
  /// several times, and rows that were deleted may come too.
  public func each(_ body: (Place, RawRecord) throws -> Void) rethrows {
    let versions =
      (0..<pages).map { Version.file($0 + 1) }
      + frames.map { Version.log(offset: $0.offset, page: $0.page) }
    for version in versions {
      let page = page(version)
      for (index, cell) in page.cells.enumerated() {
        if let record = record(cell, in: version) { try body(Place(page: version, cell: index), record) }
      }
    }
  }

  public func record(at place: Place) -> RawRecord? {
    let cells = page(place.page).cells
    return place.cell < cells.count ? record(cells[place.cell], in: place.page) : nil
  }

  private func page(_ version: Version) -> RawPage {
    switch version {
    case .file(let number):
      RawPage(
        bytes: Self.bytes(of: file, at: (number - 1) * RawPage.size, RawPage.size),
        start: number == 1 ? 100 : 0)
    case .log(let offset, let number):
      RawPage(bytes: Self.bytes(of: log, at: offset, RawPage.size), start: number == 1 ? 100 : 0)
    }
  }

  private func record(_ cell: RawPage.Cell, in version: Version) -> RawRecord? {
    var payload = Array(cell.local)
    var next = cell.overflow
    var steps = 0
    while payload.count < cell.size {
      // A chain that is too long leads in a circle.
      guard let number = next, number > 0, steps <= cell.size / (RawPage.size - 4) + 1 else { return nil }
      let bytes = overflow(number)
      guard bytes.count == RawPage.size else { return nil }
      payload += bytes[4...].prefix(cell.size - payload.count)
      next = bytes[0..<4].reduce(0) { $0 << 8 | Int($1) }
      steps += 1
    }
    return RawRecord(row: cell.row, payload: payload)
  }

  private func overflow(_ number: Int) -> [UInt8] {
    if let frame = newest[number] { return Self.bytes(of: log, at: frame.offset, RawPage.size) }
    return Self.bytes(of: file, at: (number - 1) * RawPage.size, RawPage.size)
  }

  private static func bytes(of file: CInt, at offset: Int, _ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let read = bytes.withUnsafeMutableBytes { buffer in
        pread(file, buffer.baseAddress?.advanced(by: filled), count - filled, offset + filled)
      }
      if read < 0, errno == EINTR { continue }
      guard read > 0 else { break }
      filled += read
    }
    return Array(bytes.prefix(filled))
  }
}
