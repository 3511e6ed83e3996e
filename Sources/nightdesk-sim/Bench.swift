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
  let proxy: CutProxy
  /// Controls may wait for a device's thread, so they have a thread of their own.
  private let controls = DispatchQueue(label: "bench controls")

  init(
    papers folder: String, readerLink: String, printerPort: UInt16, proxyPort: UInt16,
    centrePort: UInt16
  ) throws {
    let events = EventLog { monotonicNanoseconds() }
    let papers = try PaperFolder(folder)
    self.events = events
    self.papers = papers
    printer = try PrinterHost(
      port: printerPort, events: events, onPaper: { papers.keep($0) },
      onBytes: { papers.keep($0) })
    proxy = try CutProxy(port: proxyPort, to: centrePort, events: events)
    reader = try ReaderHost(link: readerLink, events: events)
  }

  func stop() {
    reader.stop()
    printer.stop()
    proxy.stop()
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
      card: card != nil, cardNumber: card?.idNumber,
      printer: BenchState.Printer(
        paper: machine.paper.rawValue, cover: machine.coverOpen ? "open" : "closed",
        holding: machine.holding, statusWaiting: machine.answerWaits,
        papers: machine.papersCut, bytes: machine.receivedBytes,
        buffered: machine.bufferedBytes, uncut: machine.uncutRows),
      network: BenchState.Network(mode: proxy.mode.rawValue, answersLost: proxy.answersLost))
  }
}

private func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
