// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

/// What held, of each device on each link; printed when the suite is through.
struct ContractTable: SuiteTrait, TestScoping {
  private static let cells = Mutex<[String: [ContractLink: Bool]]>([:])
  private static let order = Mutex<[String]>([])

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    try await function()
    print(Self.drawn())
  }

  /// Plays `scene` and keeps whether it held.
  static func play(
    _ clause: String, on link: ContractLink, _ scene: () async throws -> Void
  ) async throws {
    order.withLock { if !$0.contains(clause) { $0.append(clause) } }
    cells.withLock { $0[clause, default: [:]][link] = false }
    try await scene()
    cells.withLock { $0[clause, default: [:]][link] = true }
  }

  private static func drawn() -> String {
    let links = ContractLink.here
    let held = cells.withLock { $0 }
    let rows = order.withLock { $0 }.sorted().map { clause in
      [clause] + links.map { link in held[clause]?[link].map { $0 ? "held" : "BROKEN" } ?? "-" }
    }
    let table = [["SDT card reader"] + links.map(\.rawValue)] + rows
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
    }
    .joined(separator: "\n")
  }
}
