// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Testing

@testable import Visits

@Suite(.timeLimit(.minutes(1)))
struct CardTests {
  @Test func aCardThatLiesThereOpensNothing() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.put(Sample.wang, lying: true)
    let idle = await performance.next()
    #expect(idle?.name == "idle")
    #expect(idle?.text.contains("感应区上已有证件") == true)
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

  @Test func anotherPersonsCardAfterAPullEndsTheFirstVisit() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.take()
    await performance.until("cardTaken")
    performance.put(Sample.other)
    let idle = await performance.next()
    #expect(idle?.name == "idle")
    #expect(idle?.text.contains("感应区上已有证件") == true)
  }

  @Test func anotherPersonsCardInMidFormNeverMixesIn() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.put(Sample.other)
    #expect(await performance.next()?.name == "otherCard")
    performance.press("continue")
    await performance.until("field")
    await performance.fillForm()
    performance.press("file")
    await performance.until("filed")
    #expect(performance.journal.all.filter { $0 == "filed" }.count == 1)
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
