// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Testing
import Upkeep

@testable import Visits

/// What the first page says of the terminal itself.
@Suite(.timeLimit(.minutes(10)))
struct FirstPageTests {
  private static let unknown = QualifiedTime(at: Timestamp(milliseconds: 30_000), quality: .unknown)
  private static let running = QualifiedTime(at: Sample.time.at, quality: .running)
  private static let noPaper = Problem(code: "printer.outOfPaper", severity: .wrong)
  private static let readerGone = Problem(code: "reader.gone", severity: .wrong)

  @Test(arguments: [
    (Problem.centreUnknownTerminal, "暂不接收本机传送"), (.centreNotTrusted, "没有通过安全核验"),
    (.centreNotUnderstood, "暂无正常答复"),
  ])
  func anAnswerThatIsNoneIsNotCalledABrokenNetwork(problem: Problem, words: String) async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.board.report(Board.centre, .failed(problem))
    let idle = try #require(await performance.idle(saying: words))
    #expect(!idle.text.contains("网络暂时中断") && !idle.text.contains("断网"))
    #expect(!idle.text.contains("网络恢复后"))
    #expect(idle.roof.tag?.text == "暂不能传送")
    performance.board.report(Board.centre, .ready)
    #expect(await performance.next()?.text.contains(words) == false)
  }

  @Test func withoutAWayToTheCentreItSaysThatTheNetworkIsDown() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.board.report(Board.centre, .attention(.centreUnreachable))
    let idle = await performance.idle(saying: "网络暂时中断")
    #expect(idle?.roof.tag?.text == "断网")
    performance.board.report(Board.centre, .failed(.centreUnknownTerminal))
    #expect(await performance.next()?.text.contains("断网") == false)
  }

  /// The board hears of the clock some seconds later: roof and notice do not wait for it.
  @Test func roofAndNoticeSpeakOfOneTime() async throws {
    let performance = try Performance(time: Self.unknown)
    performance.board.report(Board.clock, .attention(.clockUnknown))
    let before = await performance.idle(saying: "本机时间尚未校准")
    #expect(before?.roof.clock == "--:--")
    performance.clock.set(Sample.time)
    performance.pass(seconds: 1)
    let after = await performance.next()
    #expect(after?.roof.clock != "--:--")
    #expect(after?.text.contains("本机时间尚未校准") == false)
    performance.clock.set(Self.unknown)
    performance.pass(seconds: 1)
    let again = await performance.next()
    #expect(again?.roof.clock == "--:--")
    #expect(again?.text.contains("本机时间尚未校准") == true)
  }

  @Test func theTimeIsNotDoubtedBeforeTheCentreWasAskedForIt() async throws {
    let performance = try Performance(time: Self.running)
    performance.board.report(Board.clock, .starting)
    performance.put(Sample.wang, lying: true)
    let first = await performance.idle(saying: "感应区上有一张证件")
    #expect(first?.text.contains("本机时间待核对") == false)
    performance.board.report(Board.clock, .attention(.clockUnvouched))
    #expect(await performance.idle(saying: "本机时间待核对") != nil)
  }

  @Test func ofThreeTroublesTheLeastIsAWord() async throws {
    let performance = try Performance(time: Self.unknown)
    await performance.until("idle")
    performance.board.report(Board.centre, .attention(.centreUnreachable))
    performance.board.report(Board.receiptPrinter, .absent(Self.noPaper))
    let idle = try #require(await performance.idle(saying: "凭条纸用完了"))
    #expect(says(idle).count == 3)
    #expect(says(idle).first?.text.contains("凭条纸用完了") == true)
    #expect(says(idle).dropFirst().first?.title == "网络暂时中断")
    #expect(says(idle).last?.text == "另外：本机时间待核对。")
  }

  @Test func whereNothingCanBeFiledItSaysOnlyWhy() async throws {
    let performance = try Performance(time: Self.unknown)
    await performance.until("idle")
    performance.board.report(Board.centre, .attention(.centreUnreachable))
    performance.board.report(Board.reader, .absent(Self.readerGone))
    let idle = try #require(await performance.idle(saying: "读卡器暂时不能使用"))
    #expect(says(idle).count == 1)
    performance.board.report(Board.ledger, .failed(.ledgerFull))
    let broken = try #require(await performance.idle(saying: "本机暂时不能申报，指南可看"))
    #expect(says(broken).count == 1)
    #expect(!broken.text.contains("申报不受影响") && !broken.text.contains("预存申报"))
  }

  private func says(_ scene: Scene) -> [Part.Say] {
    scene.read.compactMap { part in
      if case .say(let say) = part { say } else { nil }
    }
  }
}
