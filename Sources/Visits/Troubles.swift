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

/// What a resident knows of the card reader in her visit.
enum ReaderNews: Hashable {
  case none
  case away
  /// It was away, and is not any more.
  case back
}

extension Board {
  /// What is wrong between here and the centre; nil while it answers as it should.
  var centreProblem: Problem? { state(of: Board.centre)?.problem }

  /// False once the centre did not answer, or not as it should, when it was asked.
  var isOnline: Bool { centreProblem == nil }

  /// Slips came out the last time, as far as anybody knows.
  var canPrint: Bool { state(of: Board.receiptPrinter)?.problem == nil }

  var canFile: Bool { state(of: Board.ledger)?.problem == nil }

  /// No card can be read now. A reader that works, though somebody should look, is not away.
  var readerIsAway: Bool {
    switch state(of: Board.reader) {
    case .absent, .failed: true
    case .starting, .ready, .attention, nil: false
    }
  }

  /// Codes can be read now.
  var scannerWorks: Bool {
    switch state(of: Board.scanner) {
    case .ready, .attention: true
    case .starting, .absent, .failed, nil: false
    }
  }

  /// What a resident should know, the weightiest first. Where nothing can be filed only why:
  /// the others say that she can file all the same, and how it goes on.
  ///
  /// - Parameter time: the same by which the roof shows the hour, so that they never disagree.
  func troubles(at time: QualifiedTime) -> [Trouble] {
    let stops = troubles(of: readerIsAway ? [Board.ledger, Board.reader] : [Board.ledger])
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
