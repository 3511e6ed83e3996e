// SPDX-License-Identifier: Apache-2.0

import Dispatch
import DurableSQLite
import Records
import Synchronization

/// Hands out the sequences of one allotment. Gaps are allowed, so nothing is written for a
/// single number; doubles are not, so the record's mark is raised by a hundred, durably,
/// before the first number beyond it: ahead of the need where time allows, since it takes as
/// long as several filings (measured).
final class SequenceCounter: Sendable {
  static let atOnce = 100
  /// With fewer left the mark is raised ahead.
  static let few = 50
  static let most = 99_998
  /// Of a number that nobody is ever given: for rehearsing a filing.
  static let never = 99_999

  private struct State {
    /// Filed or handed out.
    var last: [Day: Int]
    var contents: AllotmentRecord.Contents
    var isClosed = false
    /// The mark is being raised while there are numbers left below it.
    var isRaisedAhead = false
  }

  private let allotment: Allotment
  private let record: AllotmentRecord
  private let state: Mutex<State>
  /// Writing the record blocks.
  private let thread = DispatchQueue(label: "allotments")

  /// - Parameter last: the newest sequence of each day that the ledger knows; the record's
  ///   marks count where they are higher.
  init(
    _ allotment: Allotment, last: [Day: Int], record: AllotmentRecord, _ contents: AllotmentRecord.Contents
  ) {
    self.allotment = allotment
    self.record = record
    let marks = contents.marks[allotment] ?? [:]
    state = Mutex(State(last: last.merging(marks) { max($0, $1) }, contents: contents))
  }

  func next(on day: Day) async throws(StoreFault) -> Int {
    while true {
      if let next = try taken(on: day) { return next }
      try await raise(day)
    }
  }

  /// Nil when the mark must be raised first.
  private func taken(on day: Day) throws(StoreFault) -> Int? {
    let (next, mark, isLow) = state.withLock { state in
      let next = state.isClosed ? Self.most + 1 : state.last[day, default: 0] + 1
      let mark = state.contents.marks[allotment]?[day] ?? 0
      if next <= min(mark, Self.most) { state.last[day] = next }
      let isLow = next <= mark && mark - next < Self.few && mark < Self.most && !state.isRaisedAhead
      if isLow { state.isRaisedAhead = true }
      return (next, mark, isLow)
    }
    if isLow { raiseAhead(day) }
    guard next <= Self.most else { throw .noNumbers }
    return next <= mark ? next : nil
  }

  private func raise(_ day: Day) async throws(StoreFault) {
    let fault: OpenFault? = await withCheckedContinuation { continuation in
      thread.async { continuation.resume(returning: self.raised(day, when: 0)) }
    }
    if let fault { throw fault == .full ? .full : .broken }
  }

  /// Before anybody has to wait for it. A fault here is met again by whoever must.
  private func raiseAhead(_ day: Day) {
    thread.async {
      _ = self.raised(day, when: Self.few)
      self.state.withLock { $0.isRaisedAhead = false }
    }
  }

  /// On the record's own thread. Nil when there are more than so many numbers below the mark.
  private func raised(_ day: Day, when left: Int) -> OpenFault? {
    var (last, contents, isClosed) = state.withLock { ($0.last[day, default: 0], $0.contents, $0.isClosed) }
    let mark = contents.marks[allotment]?[day] ?? 0
    // Another who waited for the same may have raised it; after the end it came down.
    guard mark <= last + left, !isClosed else { return nil }
    contents.marks[allotment, default: [:]][day] = min(max(mark, last) + Self.atOnce, Self.most)
    return kept(contents)
  }

  private func kept(_ contents: AllotmentRecord.Contents) -> OpenFault? {
    do throws(OpenFault) {
      try record.keep(contents)
      state.withLock { $0.contents = contents }
      return nil
    } catch {
      return error
    }
  }

  /// No number is handed out after this; the marks come down to the last that was, so that
  /// the next life goes on without a gap.
  func close() {
    thread.sync {
      let contents = state.withLock { state in
        state.isClosed = true
        var contents = state.contents
        for day in contents.marks[allotment, default: [:]].keys {
          contents.marks[allotment]?[day] = state.last[day]
        }
        return contents
      }
      // A mark that stays too high costs a gap, no promise.
      if contents != state.withLock({ $0.contents }) { _ = kept(contents) }
    }
  }
}
