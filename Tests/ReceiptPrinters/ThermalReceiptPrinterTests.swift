// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Foundation
import Records
import Synchronization
import Testing

@testable import ReceiptPrinters

final class Board: HealthBoard {
  private let states = Mutex<[DeviceState]>([])
  var last: DeviceState? { states.withLock { $0.last } }
  func report(_ device: String, _ state: DeviceState) { states.withLock { $0.append(state) } }
}

final class ThermalReceiptPrinterTests {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "nightdesk-\(UUID().uuidString)").path
  let board = Board()
  let job = SlipDocumentTests.job

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func printer(_ queue: FakeQueue) -> ThermalReceiptPrinter<RushingClock> {
    ThermalReceiptPrinter(
      queue: queue, paperFolder: folder, model: Places.model, clock: RushingClock(),
      health: board, lastWords: 0)
  }

  func print(_ queue: FakeQueue) async -> SlipOutcome {
    await printer(queue).print(SampleSlips.fact("甲"), job: job, within: .seconds(30))
  }

  func files(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")
  }

  @Test("The filter's word is the outcome, and leaves no file behind")
  func printed() async throws {
    let queue = FakeQueue(folder, .answers(#"{"outcome":"printed"}"#))
    #expect(await print(queue) == .printed)
    #expect(board.last == .ready)
    #expect(try files("tokens").isEmpty && files("outcomes").isEmpty)
    #expect(await queue.cancelled.isEmpty)
  }

  @Test("Out of paper is not printed, and the board says so")
  func outOfPaper() async {
    let text = #"{"outcome":"notPrinted","trouble":"outOfPaper","status":"12 12 12 72"}"#
    #expect(await print(FakeQueue(folder, .answers(text))) == .notPrinted(.outOfPaper))
    #expect(board.last == .failed(.printerOutOfPaper))
  }

  @Test("Paper near its end is printed with a remark")
  func low() async {
    let text = #"{"outcome":"printed","status":"12 12 12 1e","paper":"low"}"#
    #expect(await print(FakeQueue(folder, .answers(text))) == .printed)
    #expect(board.last == .attention(.printerPaperLow))
  }

  @Test("At the deadline a job that never began is certainly not printed")
  func neverBegan() async throws {
    let queue = FakeQueue(folder, .sleeps)
    #expect(await print(queue) == .notPrinted(.cancelled))
    #expect(try files("tokens").isEmpty)
    #expect(await queue.cancelled == [7])
  }

  @Test("At the deadline a job that began and says nothing is unknown")
  func beganAndSilent() async {
    #expect(await print(FakeQueue(folder, .takesTokenOnly)) == .unknown(.cancelled))
  }

  @Test("A filter that is cancelled in time has the last word")
  func lastWord() async {
    let text = #"{"outcome":"notPrinted","trouble":"cancelled"}"#
    #expect(await print(FakeQueue(folder, .answersWhenCancelled(text))) == .notPrinted(.cancelled))
  }

  @Test("A cancelled task cancels its job and returns")
  func cancelledTask() async {
    let queue = FakeQueue(folder, .takesTokenOnly)
    let (printer, job) = (printer(queue), job)
    let outcome = await withTaskGroup(of: SlipOutcome.self) { group in
      group.cancelAll()
      group.addTask { await printer.print(SampleSlips.fact("甲"), job: job, within: .seconds(30)) }
      return await group.next()
    }
    #expect(outcome == .unknown(.cancelled))
    #expect(await queue.cancelled == [7])
  }

  @Test("No print system: not printed")
  func absent() async throws {
    let queue = FakeQueue(folder, .sleeps, submitFault: .absent)
    #expect(await print(queue) == .notPrinted(.spooler))
    #expect(board.last == .failed(.printerSpooler))
    #expect(try files("tokens").isEmpty)
  }

  @Test("A queue that has gone is made anew and printed to")
  func missingQueue() async {
    let queue = FakeQueue(folder, .answers(#"{"outcome":"printed"}"#), submitFault: .noQueue)
    #expect(await print(queue) == .printed)
    #expect(await queue.ensured == 1)
  }

  @Test("A job that ended without having begun is not printed")
  func aborted() async {
    let queue = FakeQueue(folder, .sleeps)
    await queue.set(.ended)
    #expect(await print(queue) == .notPrinted(.spooler))
  }

  @Test("A job that ended without a word after it began is unknown")
  func died() async {
    let queue = FakeQueue(folder, .takesTokenOnly)
    await queue.set(.ended)
    #expect(await print(queue) == .unknown(.spooler))
  }

  @Test("A job's name is a permission for once: used again it prints nothing")
  func usedTwice() async {
    let queue = FakeQueue(folder, .sleeps)
    #expect(await TokenFolder(folder).permit(job))
    #expect(await print(queue) == .notPrinted(.spooler))
  }

  @Test("Clearing takes back every permission, cancels all jobs and sets the queue right")
  func clears() async throws {
    let queue = FakeQueue(folder, .sleeps)
    #expect(await TokenFolder(folder).permit(job))
    _ = FileManager.default.createFile(atPath: "\(folder)/outcomes/x", contents: Data())
    await printer(queue).clear()
    #expect(try files("tokens").isEmpty && files("outcomes").isEmpty)
    #expect(await queue.cancelledAll == 1)
    #expect(await queue.ensured == 1)
  }
}
