// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import DeviceLinks

@Suite("The speed of an open serial line", .timeLimit(.minutes(3)))
struct SerialRateTests {
  @Test("is what the line then says, and nothing else of the line changes")
  func readBack() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    let other = open(terminal.path, O_RDWR | O_NOCTTY | O_NONBLOCK)
    defer { close(other) }
    let before = try #require(line(other))
    let speeds: [(BaudRate, Int32)] = [
      (.baud57600, B57600), (.baud9600, B9600), (.baud38400, B38400), (.baud19200, B19200),
      (.baud115200, B115200),
    ]
    for (baud, speed) in speeds {
      try await link.setBaud(baud)
      var now = try #require(line(other))
      #expect(cfgetospeed(&now) == speed_t(speed))
      #expect(cfgetispeed(&now) == speed_t(speed))
      #expect(now.c_cflag & ~tcflag_t(CBAUD) == before.c_cflag & ~tcflag_t(CBAUD))
      #expect(now.c_lflag == before.c_lflag && now.c_iflag == before.c_iflag)
    }
    await link.close()
  }

  @Test("loses nothing that was written or came before")
  func keepsBytes() async throws {
    let terminal = try PseudoTerminal()
    let link: any ByteLink = try await SerialLink.open(path: terminal.path, baud: .baud9600)
    try await link.write([1, 2, 3], within: .seconds(200))
    terminal.say([7, 8])
    try await link.setBaud(.baud115200)
    #expect(terminal.hear(3) == [1, 2, 3])
    #expect(try await link.read(upTo: 9, within: .seconds(200)) == [7, 8])
    await link.close()
  }

  @Test("cannot be changed once the device is pulled or the link is closed")
  func gone() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud9600)
    terminal.unplug()
    await #expect(throws: LinkFault.gone) { try await link.setBaud(.baud57600) }
    await link.close()
    await #expect(throws: LinkFault.gone) { try await link.setBaud(.baud57600) }
  }

  private func line(_ descriptor: Int32) -> termios? {
    var line = termios()
    return tcgetattr(descriptor, &line) == 0 ? line : nil
  }
}
