// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Upkeep

/// Something a resident should know before she begins.
struct Trouble: Hashable {
  /// What it is about, as the board calls it.
  var item: String
  var problem: Problem
}

extension Board {
  /// What is wrong between here and the centre; nil while it answers as it should.
  var centreProblem: Problem? { state(of: Board.centre)?.problem }

  /// False once the centre did not answer, or not as it should, when it was asked.
  var isOnline: Bool { centreProblem == nil }

  /// Slips came out the last time, as far as anybody knows.
  var canPrint: Bool { state(of: Board.receiptPrinter)?.problem == nil }

  var canFile: Bool { state(of: Board.ledger)?.problem == nil }

  /// What a resident should know, the weightiest first. Where nothing can be filed only why:
  /// the others say that she can file all the same, and how it goes on.
  ///
  /// - Parameter time: the same by which the roof shows the hour, so that they never disagree.
  func troubles(at time: QualifiedTime) -> [Trouble] {
    let stops = troubles(of: [Board.ledger, Board.reader])
    if let stop = stops.first { return [stop] }
    let clock = clockProblem(time.quality).map { Trouble(item: Board.clock, problem: $0) }
    return troubles(of: [Board.receiptPrinter, Board.centre]) + [clock].compactMap { $0 }
  }

  private func troubles(of items: [String]) -> [Trouble] {
    items.compactMap { item in
      state(of: item)?.problem.map { Trouble(item: item, problem: $0) }
    }
  }

  private func clockProblem(_ quality: TimeQuality) -> Problem? {
    switch quality {
    case .synchronised: nil
    // The centre is asked for the time at the start: its answer is given a moment.
    case .running: state(of: Board.clock) == .starting ? nil : .clockUnvouched
    case .unknown: .clockUnknown
    }
  }
}
