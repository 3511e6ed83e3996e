// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Testing
import Upkeep

@testable import Visits

/// A reader that goes away and comes back, at each point of a visit.
@Suite(.timeLimit(.minutes(10)))
struct LostReaderTests {
  private static let gone = DeviceState.absent(Problem(code: "reader.gone", severity: .wrong))

  private func typed(_ scene: Scene?) -> String? {
    guard case .field(let field) = scene?.act.first else { return nil }
    return field.value
  }

  @Test func inMidFormTheVisitGoesOnAndNothingTypedIsLost() async throws {
    let performance = try Performance()
    performance.board.report(Board.reader, .ready)
    await performance.openForm()
    performance.press("size", value: "1380000")
    await performance.until("field")
    performance.board.report(Board.reader, Self.gone)
    let away = await performance.next()
    #expect(away?.name == "field" && typed(away) == "1380000")
    #expect(away?.text.contains("读卡器暂时没有反应") == true)
    #expect(away?.spoken.contains("已填的都在") == true)
    performance.press("answer", value: "13800000120")
    #expect(await performance.next()?.text.contains("读卡器暂时没有反应") == true)
    performance.board.report(Board.reader, .ready)
    #expect(await performance.next()?.text.contains("读卡器恢复了") == true)
    performance.press("answer", value: "6222020000000000000")
    let following = await performance.next()
    #expect(following?.name == "choice" && following?.text.contains("读卡器") == false)
    performance.press("answer", values: ["false"])
    await performance.until("summary")
    performance.press("file")
    #expect(await performance.until("filed")?.text.contains("读卡器") == false)
  }

  /// The page tells what was typed in the last moment when the question is gone already.
  @Test func whatWasTypedAsSheWasInterruptedIsThereAfterwards() async throws {
    let performance = try Performance()
    await performance.openForm()
    let question = try #require(performance.scene).id
    performance.take()
    await performance.until("cardTaken")
    performance.stage.choose(Choice(scene: question, choice: "typing", value: "13800"))
    performance.press("continue")
    let again = await performance.until("field")
    #expect(typed(again) == "13800")
    performance.press("answer", value: "13800000120")
    let following = await performance.until("field")
    performance.stage.choose(Choice(scene: question, choice: "typing", value: "99999"))
    performance.press("contrast")
    let anew = await performance.until("field")
    #expect(following?.id != question && typed(anew) == "")
  }

  @Test func aCardTakenMeanwhileIsAskedAboutWhenTheReaderSeesAgain() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.board.report(Board.reader, Self.gone)
    await performance.until("field")
    performance.board.report(Board.reader, .ready)
    await performance.until("field")
    performance.take()
    #expect(await performance.next()?.name == "cardTaken")
  }

  @Test func aCardExchangedMeanwhileDoesNotMixIn() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.board.report(Board.reader, Self.gone)
    await performance.until("field")
    performance.take()
    performance.put(Sample.other, lying: true)
    #expect(await performance.until("otherCard") != nil)
    performance.take()
    performance.put(Sample.wang, lying: true)
    #expect(await performance.until("field")?.text.contains("otherCard") == false)
  }

  @Test func askedForHerCardSheIsOfferedTheOtherWaysAndCalledWhenItIsBack() async throws {
    let performance = try Performance()
    performance.board.report(Board.reader, .ready)
    await performance.until("idle")
    performance.press("guide")
    await performance.until("find")
    performance.press("group:retire")
    await performance.until("matters")
    performance.press("matter:elder_allowance")
    await performance.until("guide")
    performance.press("start")
    await performance.until("card")
    performance.board.report(Board.reader, Self.gone)
    let away = try #require(await performance.next())
    #expect(away.title == "读卡器暂时没有反应" && away.chimes)
    #expect(away.text.contains("12345") && away.text.contains("周一至周五"))
    performance.board.report(Board.reader, .ready)
    let back = try #require(await performance.next())
    #expect(back.title == "读卡器恢复了，请放身份证" && back.chimes)
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "deposit")
  }

  /// Put on while the reader was away: nobody saw who put it there.
  @Test func aCardThatLiesThereWhenTheReaderIsBackMustBePutOnAnew() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.press("guide")
    await performance.walkToCard()
    performance.board.report(Board.reader, Self.gone)
    await performance.until("card")
    performance.put(Sample.wang, lying: true)
    performance.board.report(Board.reader, .ready)
    while performance.scene?.title != "感应区上还有一张证件" { await performance.next() }
    performance.take()
    await performance.until("card")
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "deposit")
  }

  @Test func betweenVisitsTheFirstPageSaysItAndTakesItBack() async throws {
    let performance = try Performance()
    performance.board.report(Board.reader, .ready)
    await performance.until("idle")
    performance.board.report(Board.reader, Self.gone)
    let away = try #require(await performance.idle(saying: "读卡器暂时不能使用"))
    #expect(away.text.contains("读卡器恢复后再放证件") && !away.text.contains("请将身份证平放"))
    performance.board.report(Board.reader, .ready)
    #expect(await performance.next()?.text.contains("请将身份证平放") == true)
  }

  @Test func atTheFarewellAnUnseenCardIsHerWord() async throws {
    let performance = try Performance()
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    await performance.until("filed")
    performance.board.report(Board.reader, Self.gone)
    performance.press("finish")
    #expect(await performance.until("farewell")?.lead?.contains("看不到证件是否已取走") == true)
    performance.press("taken")
    #expect(await performance.next()?.name == "rating")
    #expect(performance.board.state(of: Board.reader) == Self.gone)
  }
}

extension Performance {
  /// From the first list to the scene that asks for a card.
  func walkToCard() async {
    await startFromTheList()
    await until("card")
  }
}
