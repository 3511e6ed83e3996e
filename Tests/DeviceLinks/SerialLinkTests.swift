// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import DeviceLinks

private let moment = Duration.milliseconds(20)

@Suite("A serial link", .timeLimit(.minutes(3)))
struct SerialLinkTests {
  @Test("passes every byte value unchanged, both ways")
  func everyByte() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    let all = (0...255).map { UInt8($0) }
    terminal.say(all)
    var came: [UInt8] = []
    while came.count < all.count { came += try await link.read(upTo: 7, within: ages) }
    #expect(came == all)
    try await link.write(all, within: ages)
    #expect(terminal.hear(256) == all)
    await link.close()
  }

  @Test("sets the line to the asked speed, 8 bits, no parity, 1 stop bit")
  func lineSettings() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud57600)
    let other = open(terminal.path, O_RDWR | O_NOCTTY | O_NONBLOCK)
    defer { close(other) }
    var line = termios()
    #expect(tcgetattr(other, &line) == 0)
    #expect(cfgetospeed(&line) == speed_t(B57600))
    #expect(line.c_cflag & tcflag_t(CSIZE) == tcflag_t(CS8))
    #expect(line.c_cflag & (tcflag_t(PARENB) | tcflag_t(CSTOPB) | tcflag_t(CRTSCTS)) == 0)
    #expect(line.c_lflag & (tcflag_t(ECHO) | tcflag_t(ICANON) | tcflag_t(ISIG)) == 0)
    await link.close()
  }

  @Test("drops at its opening what lay there before")
  func staleBytes() async throws {
    let terminal = try PseudoTerminal()
    let other = open(terminal.path, O_RDWR | O_NOCTTY | O_NONBLOCK)
    defer { close(other) }
    let first = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    await first.close()
    terminal.say([1, 2, 3])
    let second = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    await #expect(throws: LinkFault.late) { try await second.read(upTo: 9, within: moment) }
    await second.close()
  }

  @Test("is late when nothing comes, and takes without patience what is there")
  func late() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    await #expect(throws: LinkFault.late) { try await link.read(upTo: 9, within: moment) }
    await #expect(throws: LinkFault.late) { try await link.read(upTo: 9, within: .zero) }
    terminal.say([7, 8])
    #expect(try await link.read(upTo: 9, within: ages) == [7, 8])
    await link.close()
  }

  @Test("stalls when the device takes no more bytes")
  func stalled() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    let flood = [UInt8](repeating: 0x55, count: 1 << 20)
    await #expect(throws: LinkFault.stalled) { try await link.write(flood, within: moment) }
    await link.close()
  }

  @Test("is gone, for reading and writing, when the device is pulled")
  func pulled() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    terminal.unplug()
    await #expect(throws: LinkFault.gone) { try await link.read(upTo: 9, within: ages) }
    await #expect(throws: LinkFault.gone) { try await link.write([1], within: ages) }
    await link.close()
  }

  @Test("is gone when the device is pulled while it waits")
  func pulledWhileWaiting() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    async let fault = faultOfReading(link)
    terminal.unplug()
    #expect(await fault == .gone)
    await link.close()
  }

  @Test("is gone when its path leads elsewhere")
  func replaced() async throws {
    let folder = try temporaryFolder()
    let path = "\(folder)/reader.tty"
    let one = try PseudoTerminal()
    let other = try PseudoTerminal()
    #expect(symlink(one.path, path) == 0)
    let link = try await SerialLink.open(path: path, baud: .baud115200)
    await #expect(throws: LinkFault.late) { try await link.read(upTo: 9, within: moment) }
    unlink(path)
    await #expect(throws: LinkFault.gone) { try await link.read(upTo: 9, within: moment) }
    #expect(symlink(other.path, path) == 0)
    await #expect(throws: LinkFault.gone) { try await link.read(upTo: 9, within: moment) }
    await link.close()
    unlink(path)
    rmdir(folder)
  }
}

@Suite("Opening and closing a serial link", .timeLimit(.minutes(3)))
struct SerialLinkLifeTests {
  @Test("a path that leads nowhere is gone, one that is no tty is broken")
  func wrongPaths() async throws {
    await #expect(throws: LinkFault.gone) {
      try await SerialLink.open(path: "/dev/nightdesk-nothing", baud: .baud9600)
    }
    await #expect(throws: LinkFault.broken(ENOTTY)) {
      try await SerialLink.open(path: "/dev/null", baud: .baud9600)
    }
  }

  @Test("a second link to the same tty is busy until the first is closed")
  func busy() async throws {
    let terminal = try PseudoTerminal()
    let first = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    await #expect(throws: LinkFault.busy) {
      try await SerialLink.open(path: terminal.path, baud: .baud115200)
    }
    await first.close()
    let second = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    await second.close()
  }

  @Test("closing ends a waiting read; a closed link is gone; closing twice is harmless")
  func closing() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    async let fault = faultOfReading(link)
    await link.close()
    #expect(await fault == .gone)
    await #expect(throws: LinkFault.gone) { try await link.write([1], within: ages) }
    await link.close()
  }

  @Test("cancelling ends a waiting read at once, and the link still works for others")
  func cancelling() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    let fault = await withTaskGroup(of: LinkFault?.self) { group in
      group.addTask { await faultOfReading(link) }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(fault == .late)
    terminal.say([5])
    #expect(try await link.read(upTo: 1, within: ages) == [5])
    await link.close()
  }

  @Test("no descriptor is left of links that were closed, forgotten or failed")
  func noLeak() async throws {
    let terminal = try PseudoTerminal()
    for _ in 0..<50 {
      let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
      await link.close()
    }
    for _ in 0..<10 {
      _ = try await SerialLink.open(path: terminal.path, baud: .baud115200)
      // The link's thread may let go of it a little later.
      while descriptors(of: terminal.path) > 0 { await Task.yield() }
    }
    let held = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    for _ in 0..<50 {
      await #expect(throws: LinkFault.busy) {
        try await SerialLink.open(path: terminal.path, baud: .baud115200)
      }
    }
    while descriptors(of: terminal.path) > 1 { await Task.yield() }
    await held.close()
    #expect(descriptors(of: terminal.path) == 0)
  }

  @Test(
    "the system's error numbers become words",
    arguments: [
      (ENOENT, LinkFault.gone), (ENODEV, .gone), (ENXIO, .gone), (EIO, .gone),
      (EACCES, .denied), (EPERM, .denied), (EBUSY, .busy), (EAGAIN, .busy),
      (EINVAL, .broken(EINVAL)),
    ])
  func errorNumbers(code: Int32, fault: LinkFault) {
    #expect(LinkFault(errno: code) == fault)
  }
}

/// How many descriptors this process holds of the file at `path`.
private func descriptors(of path: String) -> Int {
  (0..<1024).count { number in
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = buffer.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { letters in
        letters.baseAddress.map { readlink("/proc/self/fd/\(number)", $0, letters.count) } ?? 0
      }
    }
    return length > 0 && String(decoding: buffer.prefix(length), as: UTF8.self) == path
  }
}

private func temporaryFolder() throws -> String {
  var template = Array("/tmp/nightdesk-link-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw PseudoTerminal.Trouble(code: errno) }
  return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
