// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Glibc
import Simulators
import Synchronization
import Testing

@testable import DeviceLinks

/// The simulated USB bus under this process. `Kiosk/test contracts` runs these tests on one.
enum USBStage {
  static let control = getenv("NIGHTDESK_USB_CONTROL").map { String(cString: $0) }
  static let isSet = control != nil
  static let why: Comment = "runs on a simulated USB bus only: Kiosk/test contracts"

  private static let nextPort = Atomic(1)

  /// Whether this process may open files without a right to.
  static let overrides: Bool = {
    var template = Array("/tmp/nightdesk-usb-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    defer { unlink(template) }
    fchmod(file, 0)
    close(file)
    let opened = open(template, O_RDONLY)
    if opened >= 0 { close(opened) }
    return opened >= 0
  }()

  /// A port that no other test uses.
  static func freePort() -> String { "1-\(nextPort.add(1, ordering: .relaxed).oldValue)" }
}

/// A reader on the simulated bus, which the test itself answers for.
final class StagedReader: Sendable {
  let simulator: USBSimulator
  let bus: USBBus
  let port: String
  let framing: USBSimulator.Framing
  let terminal: PseudoTerminal
  var match: USBMatch { USBMatch(vendor: 0x0400, product: 0xC35A, port: port) }

  init(_ framing: USBSimulator.Framing, plugged: Bool = true, port: String? = nil) async throws {
    let control = try #require(USBStage.control)
    simulator = try USBSimulator(control: control)
    bus = try USBBus()
    self.port = port ?? USBStage.freePort()
    self.framing = framing
    terminal = try PseudoTerminal()
    if plugged { try await plug() }
  }

  deinit { simulator.remove(port) }

  /// Returns when the bus has told.
  func plug() async throws {
    try #require(simulator.add(port, framing, tty: terminal.path) == "ok")
    await seen(true)
  }

  func unplug() async {
    simulator.remove(port)
    await seen(false)
  }

  func seen(_ there: Bool) async {
    let presence = bus.presence(of: match)
    let changes = presence.changes()
    if presence.isThere == there { return }
    for await _ in changes where presence.isThere == there { return }
  }

  func open() async throws -> USBLink { try await USBLink.open(match, on: bus) }

  /// One request and its answer, both as they should be.
  func turn(_ link: USBLink, answer: [UInt8] = found) async throws -> [UInt8] {
    try await link.write(find, within: ages)
    guard terminal.hear(find.count) == find else { return [] }
    terminal.say(answer)
    return try await whole(link, answer.count)
  }

  func whole(_ link: USBLink, _ count: Int) async throws -> [UInt8] {
    var came: [UInt8] = []
    while came.count < count { came += try await link.read(upTo: 2048, within: ages) }
    return came
  }
}

/// Longer than a test may take.
let ages = Duration.seconds(200)
let find: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x03, 0x20, 0x01, 0x22]
let found: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x08, 0x00, 0x00, 0x9F, 0, 0, 0, 0, 0x97]

/// An answer as long as that to a read: 1,295 bytes, `AA AA AA` within.
let long: [UInt8] =
  [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x05, 0x08] + (0..<1288).map { $0 < 600 ? 0xAA : UInt8(truncatingIfNeeded: $0) }

/// What waiting for a byte ends with.
func faultOfReading(_ link: any ByteLink, within patience: Duration = ages) async -> LinkFault? {
  do throws(LinkFault) {
    _ = try await link.read(upTo: 2048, within: patience)
    return nil
  } catch {
    return error
  }
}
