// SPDX-License-Identifier: Apache-2.0

import DeviceLinks
import Glibc
import Testing

@testable import CodeScanners

private let ages = Duration.seconds(200)

/// What `hidsim` obeys, over its socket.
private final class HIDSimulator: Sendable {
  static let socket = getenv("NIGHTDESK_HID_SIM").map { String(cString: $0) }
  private let descriptor: Int32

  init() throws {
    let path = try #require(Self.socket)
    descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8) + [0]) }
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(connected == 0)
  }

  deinit { close(descriptor) }

  @discardableResult func order(_ line: String) -> String {
    let bytes = Array((line + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
    var answer: [UInt8] = []
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) == 1, byte != 10 { answer.append(byte) }
    return String(decoding: answer, as: UTF8.self)
  }

  func send(_ what: String, _ bytes: [UInt8]) {
    #expect(order("\(what) \(CodeText.hexadecimal(bytes))") == "ok")
  }
}

@Suite(
  "Nodes of human interface devices (under umockdev)", .serialized,
  .enabled(if: HIDSimulator.socket != nil), .timeLimit(.minutes(3)))
struct HIDNodeTests {
  @Test("keys are taken for this program alone, and typed codes arrive")
  func keys() async throws {
    let simulator = try HIDSimulator()
    let link = try await HIDLink.open(path: "/dev/input/event7", kind: .keys)
    #expect(simulator.order("taken") == "1")
    let text = "https://wait.example.cn/p/320500#ABCD2345"
    simulator.send("keys", Typing.text(text) + Typing.enter)
    var decoder = KeyDecoder(longest: 4096)
    var decoded: [Decoded] = []
    while decoded.isEmpty { decoded += decoder.take(try await link.read(upTo: 4096, within: ages)) }
    #expect(decoded == [.code(Array(text.utf8))])
    await #expect(throws: LinkFault.late) { try await link.read(upTo: 4096, within: .milliseconds(20)) }
    await link.close()
  }

  @Test("keys that another program has taken are busy")
  func busy() async throws {
    let simulator = try HIDSimulator()
    simulator.order("busy 1")
    await #expect(throws: LinkFault.busy) { try await HIDLink.open(path: "/dev/input/event7", kind: .keys) }
    simulator.order("busy 0")
    let link = try await HIDLink.open(path: "/dev/input/event7", kind: .keys)
    await #expect(throws: LinkFault.busy) { try await HIDLink.open(path: "/dev/input/event7", kind: .keys) }
    await link.close()
  }

  @Test("a scanner's descriptor is read, it is set to send reports, and its codes arrive")
  func reports() async throws {
    let simulator = try HIDSimulator()
    let model = ScannerModel(
      id: "a", link: .reports(feature: [0xFE, 1]), gapMilliseconds: 100, longestBytes: 4096,
      repeatMilliseconds: 3000)
    let scanner = try await model.open(path: "/dev/hidraw3")
    #expect(simulator.order("feature") == "FE01")
    #expect(ReportDescriptor(scanner.reportDescriptor)?.inputs.count == 5)
    var decoder = model.decoder(for: scanner)
    let sample = String(repeating: "苏服码 ", count: 6)
    let data = Array(sample.utf8)
    simulator.send("report", [2, 56] + Array("]Q1".utf8) + data[..<56] + [1])
    #expect(decoder.take(try await scanner.link.read(upTo: 64, within: ages)) == [])
    let rest = Array(data[56...])
    let padding = [UInt8](repeating: 0, count: 56 - rest.count)
    simulator.send("report", [2, UInt8(rest.count)] + Array("]Q1".utf8) + rest + padding + [0])
    #expect(decoder.take(try await scanner.link.read(upTo: 64, within: ages)) == [.code(data)])
    await scanner.link.close()
  }

  @Test("a node of the other kind is told from a scanner")
  func otherKind() async throws {
    await #expect(throws: LinkFault.broken(ENOTTY)) {
      try await HIDLink.open(path: "/dev/hidraw3", kind: .keys)
    }
    await #expect(throws: LinkFault.broken(ENOTTY)) {
      try await HIDLink.open(path: "/dev/input/event7", kind: .reports)
    }
  }
}
