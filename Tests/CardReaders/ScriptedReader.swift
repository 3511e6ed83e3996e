// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// The device's end of the line: a card reader on a pseudo-terminal that can be unplugged,
/// with a card or without, answering well or badly. Its path is a symbolic link that
/// appears and goes with it.
final class ScriptedReader: Sendable {
  enum Damage: Sendable { case wrongBit, noiseBefore, cutShort, longLength, displaced, stale }

  struct Script: Sendable {
    var card: [UInt8]? { didSet { isSelected = false } }
    /// What 30 03 gives of the card.
    var newestAddress: [UInt8]?
    var isSelected = false
    /// Whether find finds a card that was selected before; firmwares differ.
    var findsAgain = true
    var readFails = false
    /// What 12 FF gives; nil where the reader does not know it.
    var module: [UInt8]?
    var selectFails = false
    var silent = false
    /// Answers every request with this status alone.
    var status: UInt8?
    /// Called with each reply's bytes before they are sent.
    var spoil: @Sendable (_ command: [UInt8], _ reply: [UInt8]) -> [UInt8] = { $1 }
    var plugs = 0
    var finds = 0
  }

  let path: String
  private let folder: String
  private let script = Mutex(Script())
  private let queue = DispatchQueue(label: "scripted reader")

  init() throws {
    var template = Array("/tmp/nightdesk-reader-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Trouble(code: errno) }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = "\(folder)/reader.tty"
  }

  /// Unplugs it and leaves no file behind.
  func discard() {
    unplug()
    rmdir(folder)
  }

  struct Trouble: Error { let code: Int32 }

  func set(_ change: @Sendable (inout Script) -> Void) { script.withLock { change(&$0) } }
  func put(_ card: [UInt8]?) { set { $0.card = card } }
  var finds: Int { script.withLock { $0.finds } }

  func plug() throws {
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    var number: Int32 = 0
    // TIOCSPTLCK and TIOCGPTN, which Swift does not import.
    guard master >= 0, ioctl(master, 0x4004_5431, &number) == 0,
      ioctl(master, 0x8004_5430, &number) == 0
    else { throw Trouble(code: errno) }
    let line = "/dev/pts/\(number)"
    // Keeps the line open while the driver reopens it.
    let keeper = open(line, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard symlink(line, path) == 0 else { throw Trouble(code: errno) }
    let plug = script.withLock { script in
      script.plugs += 1
      return script.plugs
    }
    queue.async { [weak self] in
      while let self, self.isPlugged(plug) { self.serve(master) }
      close(master)
      close(keeper)
    }
  }

  func unplug() {
    unlink(path)
    set { $0.plugs += 1 }
  }

  private func isPlugged(_ plug: Int) -> Bool { script.withLock { $0.plugs == plug } }

  private func serve(_ master: Int32) {
    var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, 1) > 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(master, &bytes, bytes.count)
    guard count > 0 else { return }
    for start in stride(from: 0, to: count, by: 10) where start + 10 <= count {
      answer(Array(bytes[start..<start + 10]), to: master)
    }
  }

  private func answer(_ request: [UInt8], to master: Int32) {
    let command = Array(request[7..<9])
    let (script, plain) = script.withLock { script in
      if command == [0x20, 0x01] { script.finds += 1 }
      return (script, ScriptedReader.reply(to: request, &script))
    }
    guard !script.silent else { return }
    let reply = script.spoil(command, plain)
    for start in stride(from: 0, to: reply.count, by: 64) {
      let piece = Array(reply[start..<min(start + 64, reply.count)])
      _ = write(master, piece, piece.count)
    }
  }

  private static func reply(to request: [UInt8], _ script: inout Script) -> [UInt8] {
    if let status = script.status { return frame([0, 0, status]) }
    guard request.starts(with: hex("AAAAAA96690003")), request[5...].reduce(0, ^) == 0 else {
      return frame([0, 0, 0x10])
    }
    switch Int(request[7]) << 8 | Int(request[8]) {
    case 0x2001: return find(&script)
    case 0x2002:
      guard script.card != nil, !script.selectFails else { return frame([0, 0, 0x81]) }
      script.isSelected = true
      return frame([0, 0, 0x90], [UInt8](repeating: 0, count: 8))
    case 0x3001:
      guard let card = script.card, script.isSelected, !script.readFails else {
        return frame([0, 0, 0x41])
      }
      return frame([0, 0, 0x90], Specimen.readData(card))
    case 0x3003:
      guard script.card != nil, script.isSelected else { return frame([0, 0, 0x41]) }
      return script.newestAddress.map { frame([0, 0, 0x90], $0) } ?? frame([0, 0, 0x91])
    case 0x12FF where script.module != nil: return frame([0, 0, 0x90], script.module ?? [])
    default: return frame([0, 0, 0x21])
    }
  }

  private static func find(_ script: inout Script) -> [UInt8] {
    guard script.card != nil, !script.isSelected || script.findsAgain else {
      return frame([0, 0, 0x80])
    }
    script.isSelected = false
    return frame([0, 0, 0x9F], [0, 0, 0, 1])
  }
}

extension ScriptedReader.Damage {
  /// The reply as it arrives.
  func spoil(_ reply: [UInt8]) -> [UInt8] {
    var bytes = reply
    switch self {
    case .wrongBit: bytes[reply.count / 2 + 3] ^= 0x10
    case .noiseBefore: bytes = hex("AA00FFAAAA96AA") + reply
    case .cutShort: bytes.removeLast(2)
    case .longLength: bytes[6] |= 0x40
    case .displaced: bytes.insert(0, at: 1)
    case .stale: bytes = frame([0, 0, 0x9F], [0, 0, 0, 0]) + reply
    }
    return bytes
  }
}
