// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import DeviceLinks

/// The answer to find when no card is there, as published.
private let none: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x04, 0x00, 0x00, 0x80, 0x84]

@Suite("Frames on four pipes")
struct FourPipeFrameTests {
  @Test("a frame is cut after its length")
  func cut() {
    #expect(
      FourPipeFrame.pieces(of: find) == [
        .init(part: .head, bytes: Array(find.prefix(7))), .init(part: .body, bytes: Array(find.suffix(3))),
      ])
    #expect(FourPipeFrame.pieces(of: find + find).map(\.bytes.count) == [7, 3, 7, 3])
    #expect(FourPipeFrame.pieces(of: []).isEmpty)
  }

  @Test("what is no frame goes to the head's pipe, in pieces of its size")
  func noFrame() {
    let pieces = FourPipeFrame.pieces(of: [UInt8](repeating: 1, count: 9))
    #expect(pieces.map(\.part) == [.head, .head])
    #expect(pieces.map(\.bytes.count) == [7, 2])
  }

  @Test("an answer's pipes take turns, however it is split", arguments: 1...11)
  func turns(split: Int) {
    var answer = FourPipeAnswer()
    var parts: [FourPipeFrame.Part] = []
    for start in stride(from: 0, to: none.count, by: split) {
      answer.took(Array(none[start..<min(start + split, none.count)]))
      parts.append(answer.next)
    }
    #expect(parts.last == .head)
    #expect(parts.contains(.body) == (parts.count > 1 && (7...10).contains { $0 % split == 0 }))
    #expect(answer.missing == 0)
  }

  @Test("noise before a head is passed over; an empty body leaves the head's turn")
  func noise() {
    var answer = FourPipeAnswer()
    answer.took([0x00, 0xAA, 0xAA] + none.prefix(7))
    #expect(answer.missing == 4)
    answer.took(Array(none.suffix(4)))
    answer.took([0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x00])
    #expect(answer.next == .head)
  }
}

@Suite("The pipes of a device")
struct USBPipesTests {
  private func pipe(_ address: UInt8, interrupt: Bool = false) -> USBPipe {
    USBPipe(address: address, isInterrupt: interrupt, packet: 64)
  }

  private func interface(_ number: UInt8, _ kind: UInt8 = 0xFF, _ pipes: [UInt8]) -> USBInterface {
    USBInterface(number: number, kind: kind, pipes: pipes.map { pipe($0) })
  }

  @Test("four at the module's addresses carry heads and bodies")
  func four() throws {
    let pipes = try #require(USBPipes(of: [interface(0, 0xFF, [0x06, 0x85, 0x02, 0x81])], framing: nil))
    #expect(pipes.framing == .fourPipes)
    #expect(pipes.out(.head).address == 0x02)
    #expect(pipes.out(.body).address == 0x06)
    #expect(pipes.incoming(.head).address == 0x81)
    #expect(pipes.incoming(.body).address == 0x85)
  }

  @Test("two at whatever addresses carry whole frames, on the maker's own interface first")
  func two() throws {
    let interfaces = [interface(0, 0x0A, [0x01, 0x82]), interface(1, 0xFF, [0x84, 0x03])]
    let pipes = try #require(USBPipes(of: interfaces, framing: nil))
    #expect(pipes.framing == .twoPipes)
    #expect(pipes.interface == 1)
    #expect(pipes.out(.body).address == 0x03)
    #expect(pipes.incoming(.body).address == 0x84)
    let other = USBPipes(of: [interfaces[0]], framing: nil)
    #expect(other?.interface == 0)
  }

  @Test("a keyboard's interface, one without a way back, and two unknown pairs will not do")
  func none() {
    #expect(USBPipes(of: [interface(0, 0x03, [0x01, 0x81])], framing: nil) == nil)
    #expect(USBPipes(of: [interface(0, 0xFF, [0x01])], framing: nil) == nil)
    #expect(USBPipes(of: [interface(0, 0xFF, [0x01, 0x02, 0x81, 0x82])], framing: nil) == nil)
    #expect(USBPipes(of: [], framing: nil) == nil)
  }

  @Test("only the framing that was asked for will do")
  func asked() {
    let both = [interface(0, 0xFF, [0x01, 0x82]), interface(1, 0xFF, [0x02, 0x06, 0x81, 0x85])]
    #expect(USBPipes(of: both, framing: .fourPipes)?.interface == 1)
    #expect(USBPipes(of: both, framing: .twoPipes)?.interface == 0)
    #expect(USBPipes(of: [both[0]], framing: .fourPipes) == nil)
  }
}

@Suite("Naming a USB device")
struct USBMatchTests {
  @Test("ports are named as the kernel names them")
  func ports() {
    for name in ["1-1", "1-1.2", "12-4.1.2.3.4.7"] { #expect(USBMatch.isPort(name)) }
    for name in ["", "1", "1-", "-1", "1-0", "1-1.", "1-01", "usb1", "1-1:1.0", "1-1.1.1.1.1.1.1", "1-+1"] {
      #expect(!USBMatch.isPort(name), "\(name)")
    }
  }

  @Test("the udev rule names vendor and product in four digits")
  func rule() {
    let match = USBMatch(vendor: 0x0400, product: 0xC35A)
    #expect(
      match.udevRule(group: "nightdesk")
        == #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0400", "#
        + #"ATTR{idProduct}=="c35a", GROUP="nightdesk", MODE="0660""#)
  }

  @Test("a port's power is at its hub")
  func power() {
    let power = USBPortPower(sysfs: "/sys")
    #expect(power.path(of: "1-2") == "/sys/bus/usb/devices/1-0:1.0/usb1-port2/disable")
    #expect(power.path(of: "3-1.4") == "/sys/bus/usb/devices/3-1:1.0/3-1-port4/disable")
    #expect(power.path(of: "../x") == nil)
  }

  @Test("a port that is not there is gone")
  func noPort() async {
    await #expect(throws: LinkFault.gone) {
      try await USBPortPower(sysfs: "/nightdesk-nothing").cycle("1-1", pause: .zero, clock: ContinuousClock())
    }
  }
}
