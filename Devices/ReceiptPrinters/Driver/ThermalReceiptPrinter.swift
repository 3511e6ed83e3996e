// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records

/// Prints slips through a print system and our own filter behind it.
///
/// A token, made before the job is handed over, is the permission to print once; whoever
/// removes it decides. The filter removes it before it does anything: so a job that the
/// print system runs twice prints once. We remove it when patience ends: then either it
/// was still there and nothing is on paper, or the filter is at work and its word counts.
public struct ThermalReceiptPrinter<Time: Clock<Duration>>: ReceiptPrinter {
  /// The name under which its state is reported.
  public static var device: String { "receiptPrinter" }
  /// Between two looks for the outcome, and after how many the print system is asked too.
  private static var look: Duration { .milliseconds(20) }
  private static var looksPerQuestion: Int { 10 }

  private let queue: any PrintQueue
  private let folder: TokenFolder
  private let press: SlipPress
  private let clock: Time
  private let health: (any HealthBoard)?
  private let lastWords: Int

  /// `paperFolder` is the folder that the filter knows as NIGHTDESK_PAPER. `lastWords`:
  /// milliseconds that the filter is given after a cancel to say how far it came.
  public init(
    queue: any PrintQueue, paperFolder: String, model: PrinterModel, clock: Time,
    health: (any HealthBoard)? = nil, lastWords: Int = 4_000
  ) {
    self.queue = queue
    self.clock = clock
    self.health = health
    self.lastWords = lastWords
    folder = TokenFolder(paperFolder)
    press = SlipPress(model.paper)
  }

  public func print(_ slip: Slip, job: SlipJob, within deadline: Duration) async -> SlipOutcome {
    let end = clock.now.advanced(by: deadline)
    let record = await run(await press.document(of: slip, job), until: end)
    report(record)
    return record.outcome
  }

  /// Asks the printer how it is, and prints nothing; `printed` then means that it is well.
  public func check(job: SlipJob, within deadline: Duration) async -> SlipOutcome {
    let end = clock.now.advanced(by: deadline)
    let record = await run(SlipDocument(questionFor: job), until: end)
    report(record)
    return record.outcome
  }

  public func clear() async {
    // Without tokens nothing that is left over can print, whatever cupsd does with it.
    await folder.empty()
    await press.warm()
    for _ in 0..<20 {
      do {
        try await queue.cancelAll()
        try await queue.ensure()
        return await folder.empty()
      } catch .absent {
        do { try await clock.sleep(for: .milliseconds(100)) } catch { return }
      } catch {
        break
      }
    }
    health?.report(Self.device, .failed(.printerSpooler))
  }

  private func run(_ document: SlipDocument, until end: Time.Instant) async -> OutcomeRecord {
    guard await folder.permit(document.job) else {
      return OutcomeRecord(outcome: .notPrinted(.spooler))
    }
    guard let number = await submit(document) else {
      return await abandon(document.job, nil, .spooler)
    }
    var looks = 0
    while clock.now < end, !Task.isCancelled {
      if let record = await folder.takeOutcome(of: document.job) {
        if record.outcome != .printed { await cancel(number) }
        return record
      }
      looks += 1
      if looks.isMultiple(of: Self.looksPerQuestion), await hasEnded(number) {
        return await abandon(document.job, number, .spooler)
      }
      do { try await clock.sleep(for: Self.look) } catch { break }
    }
    return await abandon(document.job, number, .cancelled)
  }

  /// Nil when the print system would not have it. A queue that has gone is made anew.
  private func submit(_ document: SlipDocument) async -> Int? {
    do {
      return try await queue.submit(document)
    } catch {
      guard error == .noQueue else { return nil }
    }
    do {
      try await queue.ensure()
      return try await queue.submit(document)
    } catch {
      return nil
    }
  }

  /// Ends a job that has not said how it ended.
  private func abandon(
    _ job: SlipJob, _ number: Int?, _ trouble: SlipTrouble
  ) async -> OutcomeRecord {
    let nothingWasPrinted = await folder.withdraw(job)
    if let number { await cancel(number) }
    if nothingWasPrinted { return OutcomeRecord(outcome: .notPrinted(trouble)) }
    return await folder.takeOutcome(of: job, waiting: lastWords)
      ?? OutcomeRecord(outcome: .unknown(trouble))
  }

  /// A cancel that fails leaves a job without a token: it cannot print.
  private func cancel(_ number: Int) async {
    do { try await queue.cancel(number) } catch {}
  }

  /// Also when the print system has gone: then nobody is left to wait for.
  private func hasEnded(_ number: Int) async -> Bool {
    do { return try await queue.state(of: number) == .ended } catch { return true }
  }

  private func report(_ record: OutcomeRecord) {
    switch record.outcome {
    case .printed:
      health?.report(Self.device, record.isPaperLow ? .attention(.printerPaperLow) : .ready)
    case .notPrinted(let trouble), .unknown(let trouble):
      guard let problem = Problem.printer(trouble) else { return }
      let isAway = trouble == .offline || trouble == .silent
      health?.report(Self.device, isAway ? .absent(problem) : .failed(problem))
    }
  }
}
