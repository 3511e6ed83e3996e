// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Simulators

/// All that stands on the bench.
final class Bench: Sendable {
  let events: EventLog
  let papers: PaperFolder
  let reader: ReaderHost
  let printer: PrinterHost
  /// Where the terminal has one.
  let scanner: ScannerHost?
  let proxy: CutProxy
  /// The way to the centre's time in clear, where there is one of its own.
  let timeProxy: CutProxy?
  /// Controls may wait for a device's thread, so they have a thread of their own.
  private let controls = DispatchQueue(label: "bench controls")

  /// Where a way begins and where it leads, both on the loopback.
  struct Way {
    var port: UInt16
    var to: UInt16
  }

  init(
    papers folder: String, readerLink: String, scannerLink: String?, printerPort: UInt16, toCentre: Way,
    toTime: Way?
  ) throws {
    let events = EventLog { monotonicNanoseconds() }
    let papers = try PaperFolder(folder)
    self.events = events
    self.papers = papers
    printer = try PrinterHost(
      port: printerPort, events: events, onPaper: { papers.keep($0) },
      onBytes: { papers.keep($0) })
    proxy = try CutProxy(port: toCentre.port, to: toCentre.to, events: events)
    timeProxy = try toTime.map { try CutProxy(port: $0.port, to: $0.to, events: events) }
    scanner = try scannerLink.map { try ScannerHost(link: $0, events: events) }
    reader = try ReaderHost(link: readerLink, events: events)
  }

  func stop() {
    reader.stop()
    scanner?.stop()
    printer.stop()
    proxy.stop()
    timeProxy?.stop()
  }

  /// Runs `change` on the bench's own thread and answers with what it came to.
  func control(_ change: @escaping @Sendable (Bench) throws -> Void) async throws -> BenchState {
    try await withCheckedThrowingContinuation { continuation in
      controls.async {
        continuation.resume(
          with: Result {
            try change(self)
            return self.state
          })
      }
    }
  }

  var state: BenchState {
    let machine = printer.printer
    let card = reader.card
    return BenchState(
      readerPlugged: reader.isPlugged, card: card != nil, cardNumber: card?.idNumber,
      printer: BenchState.Printer(
        paper: machine.paper.rawValue, cover: machine.coverOpen ? "open" : "closed",
        holding: machine.holding, statusWaiting: machine.answerWaits,
        papers: machine.papersCut, bytes: machine.receivedBytes,
        buffered: machine.bufferedBytes, uncut: machine.uncutRows),
      network: BenchState.Network(
        mode: proxy.mode.rawValue, answersLost: proxy.answersLost,
        timeMode: timeProxy?.mode.rawValue, timeAnswersLost: timeProxy?.answersLost))
  }
}

private func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
