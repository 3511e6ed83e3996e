// SPDX-License-Identifier: Apache-2.0

import Paper
import Records
import Testing
import Upkeep

@testable import Visits

/// What the screen says of the centre while the number is on it.
@Suite(.timeLimit(.minutes(10)))
struct ArrivalTests {
  private func handIn(_ outcome: SlipOutcome = .printed) async throws -> Performance {
    let performance = try Performance(outcome: outcome)
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    return performance
  }

  @Test(arguments: [Verdict.stored, .already])
  func theCentreHasItWhileSheLooks(verdict: Verdict) async throws {
    let performance = try await handIn()
    let before = await performance.until("filed")
    #expect(before?.text.contains("已送达") == false)
    performance.ledger.speak(verdict)
    let after = await performance.next()
    #expect(after?.name == "filed")
    #expect(after?.text.contains("已送达市政务服务平台") == true)
    #expect(after?.text.contains("收到不等于受理") == true)
    #expect(after?.text.contains("尚未收到") == false)
    #expect(after?.spoken.contains("已送达市政务服务平台") == true)
    performance.press("finish")
    #expect(await performance.next()?.name == "farewell")
  }

  @Test func aRefusalIsSaidTruthfullyWithWhatToDo() async throws {
    let performance = try await handIn()
    await performance.until("filed")
    performance.ledger.speak(.refused(reason: "numberTaken", correctable: false))
    let after = await performance.next()
    #expect(after?.text.contains("不是不予受理") == true)
    #expect(after?.text.contains("不要重复申报") == true)
    #expect(after?.text.contains("已送达") == false)
    #expect(after?.text.contains("工作人员会核对") == true)
  }

  @Test func aServiceThatWasWithdrawnMeanwhileIsToldWithTheCounter() async throws {
    let performance = try await handIn()
    await performance.until("filed")
    performance.ledger.speak(.refused(reason: "matterWithdrawn", correctable: true))
    #expect(await performance.next()?.text.contains("到窗口办理") == true)
  }

  @Test func withoutPaperTheNumberStaysAndTheLineComesToo() async throws {
    let performance = try await handIn(.notPrinted(.outOfPaper))
    await performance.until("noPaper")
    await performance.next()
    performance.ledger.speak(.stored)
    let after = await performance.next()
    #expect(after?.name == "noPaper")
    #expect(after?.text.contains("已保存并送达市政务服务平台") == true)
    #expect(after?.text.contains(performance.journal.number) == true)
    #expect(performance.journal.all.contains("told shown"))
  }

  @Test func withoutAWordSheIsNotKeptWaitingAndNobodyWaitsAfterHer() async throws {
    let performance = try await handIn()
    await performance.until("filed")
    performance.press("finish")
    #expect(await performance.next()?.name == "farewell")
    #expect(performance.journal.all.contains("nobody waits for the centre"))
    performance.ledger.speak(.stored)
    performance.take()
    #expect(await performance.next()?.name == "rating")
  }

  @Test func theWordOnOneVisitIsNotSaidInTheNext() async throws {
    let performance = try await handIn()
    await performance.until("filed")
    performance.ledger.speak(.stored)
    await performance.next()
    performance.press("finish")
    await performance.until("farewell")
    performance.take()
    await performance.until("rating")
    performance.press("skip")
    await performance.openForm(Sample.other)
    await performance.fillForm()
    performance.press("file")
    #expect(await performance.until("filed")?.text.contains("已送达") == false)
  }
}
