// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records
import Testing

@testable import ReceiptPrinters

/// The whole way of a slip: driver, libcups, a real cupsd, our filter, CUPS' socket
/// backend, and a printer that speaks its own bytes.
@Suite(.serialized, .enabled(if: PrivateCups.isInstalled), .timeLimit(.minutes(2)))
final class CupsTests {
  let cups: PrivateCups
  let device: AppSocketPrinter
  let queue: CupsQueue
  let printer: ThermalReceiptPrinter<ContinuousClock>
  let slip = SampleSlips.chinese

  init() async throws {
    cups = try PrivateCups()
    device = try AppSocketPrinter()
    queue = CupsQueue(socket: cups.socket, device: device.uri, model: Places.model)
    printer = ThermalReceiptPrinter(
      queue: queue, paperFolder: cups.paper, model: Places.model, clock: ContinuousClock())
    await printer.clear()
  }

  deinit { device.close() }

  /// Not the rows themselves in an expectation: its failure would print them all.
  func isOnPaper(_ bitmap: SlipBitmap, _ index: Int) -> Bool {
    device.papers.indices.contains(index) && device.papers[index] == bitmap.rows
  }

  func job(_ number: UInt8) -> SlipJob { SlipJob(chance: [UInt8](repeating: number, count: 16)) }

  @Test("A slip comes out of the printer dot for dot, and nothing of it is kept")
  func prints() async throws {
    let outcome = await printer.print(slip, job: job(1), within: .seconds(30))
    #expect(outcome == .printed)
    let bitmap = SlipLayout(paper: Places.model.paper).bitmap(of: slip)
    #expect(isOnPaper(bitmap, 0))
    #expect(await printer.print(SampleSlips.english, job: job(2), within: .seconds(30)) == .printed)
    #expect(device.papers.count == 2)
    // Ends by the time limit of the suite when cupsd keeps a document.
    while cups.keptFiles().contains(where: { $0.hasPrefix("spool/") }) { await Task.yield() }
  }

  @Test("Out of paper: not printed, and nothing comes when paper is put in")
  func outOfPaper() async {
    device.change { $0.status = [0x1A, 0x32, 0x12, 0x72] }
    let outcome = await printer.print(slip, job: job(1), within: .seconds(30))
    #expect(outcome == .notPrinted(.outOfPaper))
    device.change { $0.putPaperIn() }
    #expect(await printer.check(job: job(2), within: .seconds(30)) == .printed)
    #expect(device.papers.isEmpty && device.paper.isEmpty)
  }

  @Test("Paper that ends on the way: unknown, with its cause, and nothing comes later")
  func paperEnds() async {
    device.change { $0.rowsLeft = 600 }
    let outcome = await printer.print(slip, job: job(1), within: .seconds(30))
    #expect(outcome == .unknown(.outOfPaper))
    device.change { $0.putPaperIn() }
    #expect(await printer.check(job: job(2), within: .seconds(30)) == .printed)
    #expect(device.papers.isEmpty)
  }

  @Test("A job without its token prints nothing, however often cupsd runs it")
  func withoutToken() async throws {
    let bitmap = SlipLayout(paper: Places.model.paper).bitmap(of: slip)
    let number = try await queue.submit(SlipDocument(job: job(1), bitmap: bitmap))
    while try await queue.state(of: number) != .ended { await Task.yield() }
    #expect(await printer.check(job: job(2), within: .seconds(30)) == .printed)
    #expect(device.papers.isEmpty && device.paper.isEmpty)
  }

  @Test("A job that is run twice prints once")
  func runTwice() async throws {
    let bitmap = SlipLayout(paper: Places.model.paper).bitmap(of: slip)
    let document = SlipDocument(job: job(1), bitmap: bitmap)
    #expect(await TokenFolder(cups.paper).permit(job(1)))
    let numbers = [try await queue.submit(document), try await queue.submit(document)]
    for number in numbers {
      while try await queue.state(of: number) != .ended { await Task.yield() }
    }
    #expect(device.papers.count == 1)
    #expect(await TokenFolder(cups.paper).takeOutcome(of: job(1))?.outcome == .printed)
  }

  @Test("A visit that ends before the printer has answered: certainly not printed")
  func cancelledEarly() async {
    device.change { $0.isMute = true }
    let outcome = await withTaskGroup(of: SlipOutcome.self) { group in
      let (printer, slip, job) = (printer, slip, job(1))
      group.addTask { await printer.print(slip, job: job, within: .seconds(30)) }
      await device.wait(for: .status(1))
      group.cancelAll()
      return await group.next()
    }
    #expect(outcome == .notPrinted(.cancelled))
    #expect(device.paper.isEmpty)
  }

  @Test("A visit that ends while paper moves: unknown, the printer cleared and cut off")
  func cancelledMidway() async {
    device.change { $0.rowsUntilMute = 600 }
    let outcome = await withTaskGroup(of: SlipOutcome.self) { group in
      let (printer, slip, job) = (printer, slip, job(1))
      group.addTask { await printer.print(slip, job: job, within: .seconds(30)) }
      await device.wait(for: .raster)
      group.cancelAll()
      await device.wait(for: .cleared)
      device.change { $0.putPaperIn() }
      return await group.next()
    }
    #expect(outcome == .unknown(.cancelled))
    #expect(await printer.print(slip, job: job(2), within: .seconds(30)) == .printed)
    let bitmap = SlipLayout(paper: Places.model.paper).bitmap(of: slip)
    #expect(device.papers.count == 2)
    #expect(isOnPaper(bitmap, 1))
  }

  @Test("A job that a former life left behind is cleared, and prints nothing")
  func leftOver() async throws {
    device.change { $0.isMute = true }
    let bitmap = SlipLayout(paper: Places.model.paper).bitmap(of: slip)
    #expect(await TokenFolder(cups.paper).permit(job(1)))
    let number = try await queue.submit(SlipDocument(job: job(1), bitmap: bitmap))
    await device.wait(for: .status(1))
    await printer.clear()
    while try await queue.state(of: number) != .ended { await Task.yield() }
    device.change { $0.isMute = false }
    #expect(await printer.check(job: job(2), within: .seconds(30)) == .printed)
    #expect(device.papers.isEmpty && device.paper.isEmpty)
  }

  @Test("No cupsd: not printed; when it is back, the same queue prints")
  func restarted() async throws {
    cups.stop()
    let first = await printer.print(slip, job: job(1), within: .seconds(30))
    #expect(first == .notPrinted(.spooler))
    try cups.start()
    await printer.clear()
    #expect(await printer.print(slip, job: job(2), within: .seconds(30)) == .printed)
    #expect(device.papers.count == 1)
  }

  @Test("Nobody at the printer's address: not printed")
  func unreachable() async {
    device.close()
    var model = Places.model
    model.patience.firstAnswer = 500
    let queue = CupsQueue(socket: cups.socket, device: "socket://127.0.0.1:1/", model: model)
    let printer = ThermalReceiptPrinter(
      queue: queue, paperFolder: cups.paper, model: model, clock: ContinuousClock())
    await printer.clear()
    let outcome = await printer.print(slip, job: job(1), within: .seconds(30))
    #expect(outcome == .notPrinted(.silent) || outcome == .notPrinted(.offline))
  }
}
