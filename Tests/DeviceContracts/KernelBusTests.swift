// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Glibc
import Records
import Simulators
import Testing

/// What only a real kernel with a real udev shows. `Kiosk/test usb-kernel` runs these tests,
/// and the contract, in a machine that has both, as a user without rights of its own.
@Suite(
  "On a real kernel's USB", .serialized, .enabled(if: ContractLink.isOnKernel, "needs Kiosk/test usb-kernel"),
  .timeLimit(.minutes(5)))
struct KernelBusTests {
  /// Whether the model's own udev rule is in force.
  private static let isRuled = getenv("NIGHTDESK_USB_RULE") != nil

  @Test(
    "without its udev rule a reader is refused", .enabled(if: !isRuled),
    arguments: ContractLink.allCases.filter { $0.framing != nil })
  func unruled(link: ContractLink) async throws {
    let bench = try await ContractBench(link, scene: "without its rule")
    try await bench.serve { told in try await told.untilTrouble("reader.denied") }
  }

  @Test("with it nobody else may open the reader, and this user may", .enabled(if: isRuled))
  func ruled() async throws {
    let bench = try await ContractBench(.usbFour, scene: "with its rule")
    try await bench.serve { told in
      var isReady = false
      try await told.until { state in
        isReady = state == .ready
        return isReady || state.problem?.code == "reader.denied"
      }
      #expect(isReady)
      var node = stat()
      #expect(try stat(bench.node, &node) == 0)
      #expect(node.st_mode & 0o777 == 0o660)
      #expect(node.st_gid == getgid())
    }
  }

  @Test("of twenty replugs none is lost", .enabled(if: isRuled))
  func replugs() async throws {
    let bench = try await ContractBench(.usbFour, scene: "with its rule")
    bench.put(.first)
    try await bench.serve { told in
      try await told.expect(.presented(SimulatedCard.first.holder, lying: true))
      for _ in 0..<20 {
        bench.unplug()
        try await told.untilTrouble("reader.gone")
        try await bench.replug()
        try await told.untilReady()
      }
      bench.take()
      try await told.expect(.removed)
      bench.put(.second)
      try await told.expect(.presented(SimulatedCard.second.holder, lying: false))
    }
  }
}

extension ContractBench {
  /// The device node that kernel and udev made for the reader.
  fileprivate var node: String {
    get throws {
      let numbers = try ["busnum", "devnum"].map { name in
        let file = try #require(fopen("/sys/bus/usb/devices/\(port)/\(name)", "r"))
        defer { fclose(file) }
        var digits = [CChar](repeating: 0, count: 8)
        fgets(&digits, 8, file)
        return atoi(digits)
      }
      return "/dev/bus/usb/" + numbers.map { String("00\($0)".suffix(3)) }.joined(separator: "/")
    }
  }
}
