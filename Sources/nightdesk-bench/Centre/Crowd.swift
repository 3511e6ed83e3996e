// SPDX-License-Identifier: Apache-2.0

/// Many at once, each doing one thing after the other.
enum Crowd {
  static let size = 32

  /// Shares `items` among the crowd; gives how long each act took, and acts a second of all.
  static func play<Item: Sendable>(
    _ items: [Item], _ act: @escaping @Sendable (Item) async throws -> Void
  ) async throws -> (laps: [Double], rate: Double) {
    let start = Stopwatch.now
    let laps = try await withThrowingTaskGroup(of: [Double].self) { group in
      for member in 0..<size {
        group.addTask {
          var laps: [Double] = []
          for place in stride(from: member, to: items.count, by: size) {
            let start = Stopwatch.now
            try await act(items[place])
            laps.append(Stopwatch.now - start)
          }
          return laps
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    return (laps, Double(items.count) / (Stopwatch.now - start))
  }
}
