// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Keeps papers as files: `001.bin` (the bytes that made it), `001.png` (a pixel a dot)
/// and `001.json` (what is known of it), and every byte ever sent in `stream.bin`.
/// Numbers go on where a former life stopped.
public final class PaperFolder: Sendable {
  public struct Entry: Hashable, Sendable {
    /// In this folder, from 1.
    public var number: Int
    public var rows: Int
    public var bytes: Int
    public var cut: PaperCut
  }

  public let path: String
  private let kept: Mutex<[Entry]>
  private let stream: Descriptor
  private let first: Int

  /// `path` must exist.
  public init(_ path: String) throws(SimulatorFault) {
    self.path = path
    let file = open("\(path)/stream.bin", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard let stream = Descriptor(file) else { throw .cannotWrite(path: path) }
    self.stream = stream
    var number = 1
    while access("\(path)/\(Self.name(number)).bin", F_OK) == 0 { number += 1 }
    first = number
    kept = Mutex([])
  }

  /// The papers kept since the start, in order.
  public var papers: [Entry] { kept.withLock { $0 } }

  public func keep(_ bytes: [UInt8]) {
    stream.giveAll(bytes, patience: 0)
  }

  /// The JSON comes last: where it is, the other two are whole.
  public func keep(_ paper: PrintedPaper) {
    kept.withLock { kept in
      let number = first + kept.count
      let place = "\(path)/\(Self.name(number))"
      Self.write(paper.bytes, to: place + ".bin")
      Self.write(PNGPicture.encode(paper.picture), to: place + ".png")
      Self.write(Array(Self.json(paper, number).utf8), to: place + ".json")
      kept.append(
        Entry(
          number: number, rows: paper.picture.rows, bytes: paper.bytes.count, cut: paper.cut))
    }
  }

  /// Three digits at least.
  public static func name(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  private static func json(_ paper: PrintedPaper, _ number: Int) -> String {
    """
    {"number": \(number), "width": \(paper.picture.width), "rows": \(paper.picture.rows), \
    "bytes": \(paper.bytes.count), "cut": "\(paper.cut.rawValue)", \
    "undrawnCharacters": \(paper.undrawnCharacters), "unknownBytes": \(paper.unknownBytes)}

    """
  }

  /// By another name first, so that nobody reads half a file.
  private static func write(_ bytes: [UInt8], to path: String) {
    let unfinished = path + ".part"
    do {
      let number = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
      guard let file = Descriptor(number) else { return }
      file.giveAll(bytes, patience: 0)
    }
    rename(unfinished, path)
  }
}
