// SPDX-License-Identifier: Apache-2.0

/// The rows as a person reads them.
enum Table {
  private static let heads = ["name", "value (min-max)", "floor", "rival", "ratio (min-max)", "goal", "held"]

  static func text(of rows: [Row]) -> String {
    let cells = [heads] + rows.map(cells)
    let widths = heads.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    let lines = cells.map { line in
      zip(line, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
    }
    return (lines + [""] + rows.map(remark)).joined(separator: "\n")
  }

  private static func cells(_ row: Row) -> [String] {
    [
      row.name, spread(row.ours) + (row.ours.isEmpty ? "" : " " + row.unit), Figure.short(row.floor.median),
      Figure.short(row.rival.median), spread(row.ratios), row.goal?.text ?? "-",
      row.held.map { $0 ? "yes" : "NO" } ?? "-",
    ]
  }

  private static func spread(_ values: [Double]) -> String {
    guard let median = values.median, let low = values.min(), let high = values.max() else { return "-" }
    return "\(Figure.short(median)) (\(Figure.short(low))-\(Figure.short(high)))"
  }

  private static func remark(_ row: Row) -> String {
    let further = [
      row.lost.map { "\($0) lost" }, row.doubled.map { "\($0) doubled" },
      row.cpuSeconds.map { "\(Figure.short($0)) s CPU a round" },
      row.memoryMB.map { "\(Figure.short($0)) MB" },
    ].compactMap { $0 }
    return "\(row.name): \(row.what)" + (further.isEmpty ? "" : " [\(further.joined(separator: ", "))]")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
