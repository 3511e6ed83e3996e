// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Synchronization
import Testing

@testable import Visits

@Suite(.timeLimit(.minutes(10)))
struct CardTests {
  @Test func aCardThatLiesThereOpensNothing() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.put(Sample.wang, lying: true)
    let idle = await performance.next()
    #expect(idle?.name == "idle")
    #expect(idle?.text.contains("感应区上有一张证件") == true)
    performance.take()
    await performance.until("idle")
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "greeting")
  }

  @Test func aPulledCardAsksAndComesBackToTheQuestion() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.take()
    let asked = await performance.next()
    #expect(asked?.name == "cardTaken")
    #expect(asked?.countdown?.seconds == 20)
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "field")
  }

  @Test func goingOnWithoutTheCardIsAllowed() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.take()
    await performance.until("cardTaken")
    performance.press("continue")
    #expect(await performance.next()?.name == "field")
  }

  @Test func twentySecondsWithoutAnAnswerEndTheVisit() async throws {
    let performance = try Performance()
    await performance.openForm()
    let visit = performance.scene?.visit
    performance.take()
    await performance.until("cardTaken")
    performance.pass(seconds: 21)
    let idle = await performance.until("idle")
    #expect(idle?.visit != visit)
  }

  /// Taken and exchanged, or one on top of the other: the reader tells these alike.
  @Test(arguments: [true, false])
  func anotherPersonsCardNeverMixesInAndHersGoesOnWhereSheWas(taken: Bool) async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.press("size", value: "1380000")
    await performance.until("field")
    if taken { performance.take() }
    performance.put(Sample.other)
    let asked = try #require(await performance.until("otherCard"))
    #expect(asked.countdown?.seconds == 20)
    #expect(!asked.text.contains("continue") && !asked.text.contains("1380000"))
    performance.take()
    performance.put(Sample.wang)
    let field = try #require(await performance.until("field"))
    #expect(field.text.contains("1380000"))
    await performance.fillForm()
    performance.press("file")
    await performance.until("filed")
    #expect(applicants(performance) == [Sample.wang.idNumber])
  }

  @Test func overAnotherPersonsCardNoPressGoesOn() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.take()
    await performance.until("cardTaken")
    performance.press("continue")
    await performance.until("field")
    performance.put(Sample.other)
    await performance.until("otherCard")
    for _ in 0..<10 {
      performance.press("continue")
      performance.press("wait")
      #expect(await performance.next()?.name == "otherCard")
    }
    performance.take()
    performance.press("wait")
    #expect(await performance.next()?.name == "otherCard")
    performance.pass(seconds: 21)
    #expect(await performance.next()?.name == "idle")
  }

  @Test func theOtherPersonMayEndItAndThenPutsHisCardOnAgain() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.take()
    await performance.until("cardTaken")
    performance.put(Sample.other)
    await performance.until("otherCard")
    performance.press("end")
    let idle = await performance.next()
    #expect(idle?.name == "idle")
    #expect(idle?.text.contains("感应区上有一张证件") == true)
    performance.take()
    await performance.until("idle")
    performance.put(Sample.other)
    #expect(await performance.next()?.name == "greeting")
  }

  private func applicants(_ performance: Performance) -> [String] {
    performance.ledger.kept.withLock { kept in
      kept.filter { $0.kind == .application }.map { String(decoding: $0.content, as: UTF8.self) }
    }
  }

  @Test func silenceWarnsFirstAndAnAnswerGoesOn() async throws {
    let performance = try Performance()
    await performance.openForm()
    for _ in 0..<10 {
      performance.pass(seconds: 61)
      await performance.until("timeout")
      performance.press("continue")
      #expect(await performance.next()?.name == "field")
    }
  }

  @Test(arguments: ["greeting", "find", "matters", "guide", "deposit", "check", "field", "summary"])
  func aCardPulledAtAnyStepIsAskedAbout(_ step: String) async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.put(Sample.wang)
    await performance.walk(to: step)
    performance.take()
    #expect(await performance.next()?.name == "cardTaken")
    performance.press("end")
    #expect(await performance.next()?.name == "idle")
  }
}

extension Performance {
  /// The presses that lead from one scene to the next.
  func walk(to step: String) async {
    let way: [(scene: String, press: () -> Void)] = [
      ("greeting", { self.press("find") }), ("find", { self.press("group:retire") }),
      ("matters", { self.press("matter:elder_allowance") }), ("guide", { self.press("start") }),
      ("deposit", { self.press("agree") }), ("check", { self.press("confirm") }),
      ("field", { self.press("answer", value: "13800000120") }),
      ("field", { self.press("answer", value: "6222020000000000000") }),
      ("choice", { self.press("answer", values: ["false"]) }), ("summary", {}),
    ]
    for (scene, press) in way {
      await until(scene)
      if scene == step { return }
      press()
    }
  }
}

/// What the next person in the lobby must never come by.
@Suite(.timeLimit(.minutes(10)))
struct NextPersonTests {
  private func filed(_ performance: Performance) async {
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    await performance.until("filed")
  }

  @Test func aCardPutOnAfterSheLeftEndsHerVisit() async throws {
    let performance = try Performance()
    await filed(performance)
    performance.take()
    performance.put(Sample.other)
    let idle = await performance.until("idle")
    #expect(idle?.text.contains("感应区上有一张证件") == true)
  }

  @Test func somethingElseIsOfferedOnlyWhileHerOwnCardLies() async throws {
    let performance = try Performance()
    await filed(performance)
    performance.take()
    await performance.until("filed")
    performance.press("finish")
    await performance.until("rating")
    #expect(!performance.journal.all.contains("scene farewell"))
  }

  @Test func aCardTakenWhileTheHelpIsOpenIsAskedAboutAfterIt() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.press("help")
    await performance.until("help")
    performance.take()
    performance.press("continue")
    await performance.until("cardTaken")
  }

  @Test func anotherCardWhileTheHelpIsOpenIsAskedAboutAfterIt() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.press("help")
    await performance.until("help")
    performance.take()
    performance.put(Sample.other)
    performance.press("continue")
    #expect(await performance.until("otherCard") != nil)
  }

  @Test func anotherCardDuringTheWarningIsAskedAbout() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.pass(seconds: 61)
    await performance.until("timeout")
    performance.take()
    performance.put(Sample.other)
    #expect(await performance.until("otherCard") != nil)
  }

  @Test func aNumberWithoutPaperStaysUnderTheNextPersonsCard() async throws {
    let performance = try Performance(outcome: .notPrinted(.outOfPaper))
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    await performance.until("noPaper")
    await performance.next()
    performance.take()
    await performance.until("noPaper")
    performance.put(Sample.other)
    #expect(await performance.next()?.name == "noPaper")
    performance.press("finish")
    #expect(await performance.next()?.name == "idle")
    #expect(performance.ledger.kept.withLock { $0.map(\.kind) }.last == .rating)
  }

  @Test func aLyingCardIsNotAdoptedByWhoReadsTheGuide() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.press("guide")
    await performance.until("find")
    performance.put(Sample.other, lying: true)
    await performance.until("find")
    performance.press("group:retire")
    await performance.until("matters")
    performance.press("matter:elder_allowance")
    await performance.until("guide")
    performance.press("start")
    #expect(await performance.next()?.name == "card")
  }

  @Test func aCardPutOnBesideTheNoticeBoardOpensItsOwnVisit() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.press("help")
    await performance.until("help")
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "greeting")
  }
}
