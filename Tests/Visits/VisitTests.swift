// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Synchronization
import Testing
import Upkeep

@testable import Visits

@Suite(.timeLimit(.minutes(10)))
struct VisitTests {
  @Test func theGreetingDoesNotSayHerName() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.put(Sample.wang)
    let greeting = await performance.until("greeting")
    #expect(greeting?.text.contains("王") == false)
    #expect(greeting?.title == "您好，证件已读取")
  }

  @Test func theNumberIsShownOnlyAfterTheFilingIsKept() async throws {
    let performance = try Performance()
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    await performance.until("filed")
    let lines = performance.journal.all.drop { $0 != "scene filing" }
    #expect(
      Array(lines) == [
        "scene filing", "filed", "scene printing", "print", "told printed", "scene filed with the number",
      ])
  }

  @Test func sheIsToldThatItIsADepositBeforeTheFirstQuestion() async throws {
    let performance = try Performance()
    await performance.openForm()
    let names = performance.journal.all.filter { $0.hasPrefix("scene") }
    let deposit = try #require(names.firstIndex(of: "scene deposit"))
    let question = try #require(names.firstIndex(of: "scene field"))
    #expect(deposit < question)
  }

  @Test func withoutPaperTheNumberStandsOnTheScreenAndIsToldAsShown() async throws {
    let performance = try Performance(outcome: .notPrinted(.outOfPaper))
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    let scene = await performance.until("noPaper")
    await performance.next()
    #expect(scene?.title == "凭条纸用完了，您的申请已经保存好")
    #expect(performance.journal.all.contains("told shown"))
    #expect(!performance.journal.all.contains("told printed"))
  }

  @Test func aNumberThatWasNeverDrawnIsToldAsUnknown() async throws {
    let performance = try Performance(outcome: .notPrinted(.outOfPaper))
    await performance.openForm()
    await performance.fillForm()
    performance.stage.confirms.withLock { $0 = false }
    performance.press("file")
    await performance.until("noPaper")
    performance.pass(seconds: 6)
    await performance.until("noPaper")
    #expect(performance.journal.all.contains("told unknown"))
  }

  @Test func twoQuickTapsFileOnce() async throws {
    let performance = try Performance()
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    performance.press("file")
    await performance.until("filed")
    performance.press("finish")
    await performance.until("farewell")
    #expect(performance.journal.all.filter { $0 == "filed" }.count == 1)
  }

  @Test(
    "a filing that is not kept is said, nothing is told, and staff hear why",
    arguments: [(StoreFault.full, Problem.ledgerFull), (.broken, .ledgerBroken)])
  func notKept(fault: StoreFault, problem: Problem) async throws {
    let performance = try Performance(fault: fault)
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    let scene = await performance.until("trouble")
    #expect(scene?.title == "没有保存成功，没有申报")
    #expect(performance.board.state(of: Board.ledger) == .failed(problem))
    #expect(!performance.journal.all.contains { $0.hasPrefix("told") || $0 == "print" })
    #expect(!performance.journal.all.contains { $0.contains("with the number") })
  }

  @Test func anAnswerOfTenThousandCharactersIsRefusedWithASentence() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.press("answer", value: String(repeating: "1", count: 10_000))
    let scene = await performance.until("field")
    guard case .field(let field) = scene?.act.first else {
      Issue.record("the question stays")
      return
    }
    #expect(field.error != nil)
    #expect(field.value.isEmpty)
  }

  @Test func changingTheLanguageKeepsWhatIsTyped() async throws {
    let performance = try Performance()
    await performance.openForm()
    performance.press("language", value: "138")
    let scene = await performance.until("field")
    guard case .field(let field) = scene?.act.first else {
      Issue.record("the question stays")
      return
    }
    #expect(field.value == "138")
    #expect(scene?.title == "What is your mobile number?")
  }

  @Test func aFilingWhoseNumberNobodySawToldIsToldAsUnknownBeforeAnybodyIsServed() async throws {
    let filed = Filed(id: Sample.id(9), number: Sample.number(9))
    let performance = try Performance(left: [filed])
    await performance.until("idle")
    let kept = performance.ledger.kept.withLock { $0 }
    #expect(kept.map(\.kind) == [.told])
    #expect(kept.first?.after == [filed.id])
    #expect(performance.journal.all == ["told unknown", "scene idle"])
  }
}
