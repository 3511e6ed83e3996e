// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Testing
import Upkeep

@testable import Visits

/// A card that lies on the reader when its visit has ended.
@Suite(.timeLimit(.minutes(10)))
struct ForgottenCardTests {
  private func filed(_ performance: Performance) async {
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    await performance.until("filed")
    performance.press("finish")
  }

  /// The titles under which the card is asked for, each left unanswered.
  private func askings(_ performance: Performance) async -> [String] {
    var titles: [String] = []
    for _ in 0..<3 {
      let scene = await performance.until("farewell")
      #expect(scene?.chimes == true)
      titles.append(scene?.title ?? "")
      performance.pass(seconds: 21)
    }
    return titles
  }

  private func left(_ performance: Performance) -> Problem? {
    performance.board.state(of: Board.reader)?.problem
  }

  @Test func itIsAskedForThreeTimesThenStaffAreTold() async throws {
    let performance = try Performance()
    performance.board.report(Board.reader, .ready)
    await filed(performance)
    let titles = await askings(performance)
    #expect(Set(titles).count == 3)
    await performance.until("rating")
    #expect(left(performance) == .cardLeft)
    let entry = try #require(performance.board.entries[Board.reader])
    #expect(entry.since == Sample.time.at)
    let sentence = try Sample.words()(Problem.cardLeft.staffKey, .zh, entry.places)
    #expect(sentence.contains("有证件遗留") && sentence.contains(LocalTime.clock(Sample.time.at)))
    #expect(!sentence.contains("王") && !sentence.contains("{"))
  }

  @Test func untilItIsTakenTheFirstPageServesTheNextInTheOtherWays() async throws {
    let performance = try Performance()
    performance.board.report(Board.reader, .ready)
    await filed(performance)
    _ = await askings(performance)
    await performance.until("rating")
    performance.press("skip")
    let idle = try #require(await performance.until("idle"))
    #expect(idle.text.contains("感应区上有一张证件") && !idle.text.contains("读卡器暂时"))
    performance.press("guide")
    await performance.until("find")
    performance.press("group:retire")
    await performance.until("matters")
    performance.press("matter:elder_allowance")
    await performance.until("guide")
    performance.press("start")
    #expect(await performance.next()?.title == "感应区上还有一张证件")
    performance.take()
    #expect(await performance.next()?.title == "请把身份证平放在感应区")
    #expect(left(performance) == nil)
    performance.put(Sample.other)
    #expect(await performance.next()?.name == "deposit")
  }

  @Test func takingItAtAnyAskingEndsIt() async throws {
    let performance = try Performance()
    await filed(performance)
    await performance.until("farewell")
    performance.pass(seconds: 21)
    await performance.until("farewell")
    performance.take()
    #expect(await performance.next()?.name == "rating")
    #expect(left(performance) == nil)
  }

  @Test func whoFindsHerCardCannotGoOnWithIt() async throws {
    let performance = try Performance()
    await filed(performance)
    #expect(await performance.until("farewell")?.text.contains("another") == true)
    performance.pass(seconds: 21)
    #expect(await performance.until("farewell")?.text.contains("another") == false)
    performance.press("another")
    #expect(await performance.next()?.title == "请别忘了您的身份证")
  }

  /// Silence in mid-form: she left, and her card did not.
  @Test func aVisitThatWasAbandonedAsksForItToo() async throws {
    let performance = try Performance()
    performance.board.report(Board.reader, .ready)
    await performance.openForm()
    performance.pass(seconds: 61)
    await performance.until("timeout")
    performance.pass(seconds: 21)
    #expect(await performance.next()?.text.contains("another") == false)
    performance.pass(seconds: 21)
    await performance.until("farewell")
    performance.pass(seconds: 21)
    await performance.until("farewell")
    performance.pass(seconds: 21)
    await performance.until("idle")
    #expect(left(performance) == .cardLeft)
  }

  @Test func whoGoesHomeIsAskedForHerCardAndMayBeginAnew() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.put(Sample.wang)
    await performance.until("greeting")
    performance.press("home")
    await performance.until("farewell")
    performance.press("another")
    #expect(await performance.next()?.name == "greeting")
    performance.press("home")
    await performance.until("farewell")
    performance.take()
    #expect(await performance.next()?.name == "idle")
  }

  @Test func oneThatLiesThereFromTheFirstIsToldToStaffAtOnce() async throws {
    let performance = try Performance()
    performance.board.report(Board.reader, .ready)
    await performance.until("idle")
    performance.put(Sample.wang, lying: true)
    await performance.idle(saying: "感应区上有一张证件")
    #expect(left(performance) == .cardLeft)
    performance.take()
    await performance.until("idle")
    #expect(left(performance) == nil)
  }

  @Test func oneThatNobodyAskedForIsToldToStaffAfterAMinute() async throws {
    let performance = try Performance()
    performance.board.report(Board.reader, .ready)
    await performance.until("idle")
    performance.reader.events.yield(.unreadable)
    await performance.idle(saying: "感应区上有一张证件")
    #expect(left(performance) == nil)
    let changes = performance.board.changes()
    performance.pass(seconds: 61)
    for await _ in changes where left(performance) == .cardLeft { break }
    performance.take()
    await performance.until("idle")
    #expect(left(performance) == nil)
  }

  /// The reader's own troubles weigh more; the remark is there again behind them.
  @Test func theRemarkOutlivesAReaderThatComesAndGoes() async throws {
    let board = Board(clock: SetTime(Sample.time))
    board.report(Board.reader, .ready)
    board.remark(Board.reader, .cardLeft)
    let gone = Problem(code: "reader.gone", severity: .wrong)
    board.report(Board.reader, .absent(gone))
    #expect(board.state(of: Board.reader) == .absent(gone))
    board.report(Board.reader, .ready)
    #expect(board.state(of: Board.reader) == .attention(.cardLeft))
    board.remark(Board.reader, nil)
    #expect(board.entries[Board.reader]?.state == .ready)
  }
}

/// Firmware that cannot see a card being taken.
@Suite(.timeLimit(.minutes(10)))
struct UnseenRemovalTests {
  private func filed() async throws -> Performance {
    let performance = try Performance(tellsRemoval: false)
    performance.board.report(Board.reader, .ready)
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    await performance.until("filed")
    performance.press("finish")
    return performance
  }

  @Test func herWordIsTakenAndNothingIsClaimed() async throws {
    let performance = try await filed()
    #expect(await performance.until("farewell")?.lead?.contains("看不到证件是否已取走") == true)
    performance.press("taken")
    #expect(await performance.next()?.name == "rating")
    performance.press("skip")
    #expect(await performance.until("idle")?.text.contains("感应区上有一张证件") == false)
    #expect(performance.board.state(of: Board.reader) == .ready)
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "greeting")
  }

  /// Such a reader says after some minutes that a card is gone, whether it is or not.
  @Test func inMidFormAWordOfRemovalMeansNothing() async throws {
    let performance = try Performance(tellsRemoval: false)
    await performance.openForm()
    performance.take()
    performance.put(Sample.other)
    await performance.until("otherCard")
    #expect(!performance.journal.all.contains("scene cardTaken"))
    performance.take()
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "field")
  }

  @Test func withoutHerWordStaffAreToldThatOneMayLieThere() async throws {
    let performance = try await filed()
    for _ in 0..<3 {
      await performance.until("farewell")
      performance.pass(seconds: 21)
    }
    await performance.until("rating")
    #expect(performance.board.state(of: Board.reader)?.problem == .cardMayLie)
    performance.press("skip")
    await performance.until("idle")
    performance.put(Sample.other)
    await performance.until("greeting")
    #expect(performance.board.state(of: Board.reader) == .ready)
  }
}
