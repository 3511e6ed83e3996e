// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a process has used so far, from /proc (proc(5)).
struct Consumption: Sendable, Codable {
  /// User and system time, in seconds.
  var cpuSeconds: Double
  /// Memory that is its own (RssAnon), in MB.
  var memoryMB: Double

  /// Nil when there is no such process.
  static func of(_ process: Int32 = getpid()) -> Consumption? {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let rest = stat.split(separator: ")").last
    else { return nil }
    // Fields 14 and 15 of stat; the name before them may hold anything but ends in `)`.
    let fields = rest.split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      return nil
    }
    return Consumption(
      cpuSeconds: (user + system) / Double(sysconf(Int32(_SC_CLK_TCK))),
      memoryMB: (number(after: "RssAnon:", in: status) ?? 0) / 1024)
  }

  private static func number(after key: String, in text: String) -> Double? {
    text.split(separator: "\n").first { $0.hasPrefix(key) }
      .flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }.flatMap { Double($0) }
  }
}
