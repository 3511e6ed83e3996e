// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// How soon after the network is back the first application goes out. Nobody tells the
/// courier; it finds out.
enum NetworkBack {
  static func measure(_ workshop: Workshop) async throws -> [Row] {
    let items = 100
    let template = try await Drain.template(workshop, items: items)
    defer { template.remove() }
    var gaps: [Double] = []
    for round in 0..<workshop.rounds {
      Progress.say("delivery: the network comes back, round \(round + 1)")
      gaps.append(try await play(round, items, template, workshop))
    }
    return [
      Row(
        name: "delivery.network-back",
        what: "from a centre that listens again to the first application it gets, after a while of refusals",
        unit: "s", ours: gaps, goal: .atMost(1))
    ]
  }

  private static func play(
    _ round: Int, _ items: Int, _ template: BenchFolder, _ workshop: Workshop
  ) async throws -> Double {
    let folder = try template.copy(to: "back-\(round)", of: workshop.folder)
    defer { folder.remove() }
    let port = "\(try freePort())"
    let courier = try Drain.ourCourier(folder, port, items, workshop)
    _ = try await courier.line()
    courier.say("go")
    // Long enough for the longest pause between two tries, and never the same.
    try await Task.sleep(for: .milliseconds(workshop.count(9_000, quick: 2_000) + 137 * round))
    let centre = try Child.start(workshop.program, ["part", "centre", folder.path, "--port", port])
    _ = try await centre.line()
    _ = try await courier.line()
    let report = try await centre.report()
    centre.end()
    courier.end()
    guard let listening = report.moments.listening, let first = report.moments.first else {
      throw BenchFault("nothing came")
    }
    return first - listening
  }

  /// A port on which nobody listens.
  private static func freePort() throws -> UInt16 {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard number >= 0 else { throw BenchFault("no socket") }
    defer { close(number) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let answer = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(number, generic, size) == 0 ? getsockname(number, generic, &size) : -1
      }
    }
    guard answer == 0 else { throw BenchFault("no free port") }
    return UInt16(bigEndian: address.sin_port)
  }
}
