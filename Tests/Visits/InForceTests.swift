// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Matters
import Records
import Synchronization
import Testing
import Upkeep

@testable import Visits

/// What is in force when a visit begins, and what the first page says of the clock.
@Suite(.timeLimit(.minutes(10)))
struct InForceTests {
  private func changed(_ catalogue: Catalogue) -> Catalogue {
    Catalogue(
      meta: catalogue.meta, enums: catalogue.enums, regions: catalogue.regions,
      departments: catalogue.departments, certificates: catalogue.certificates,
      matters: catalogue.matters.map { matter in
        var matter = matter
        matter.version += 1
        matter.nameZh += "（新）"
        return matter
      }, bundles: catalogue.bundles, promiseTemplates: catalogue.promiseTemplates)
  }

  private func applications(_ performance: Performance) -> [String] {
    performance.ledger.kept.withLock { kept in
      kept.filter { $0.kind == .application }.map { String(decoding: $0.header, as: UTF8.self) }
    }
  }

  @Test func aCatalogueThatChangesInMidFormLeavesTheDraftItsOwnAndCountsFromTheNextVisitOn() async throws {
    let performance = try Performance()
    let version = try #require(try Sample.catalogue().matter("elder_allowance")).version
    await performance.openForm()
    performance.catalogue.replace(changed(try Sample.catalogue()))
    await performance.fillForm()
    #expect(performance.scene?.here == "尊老金（高龄津贴）申领")
    performance.press("file")
    await performance.until("filed")
    #expect(applications(performance) == ["version \(version)"])
    performance.press("finish")
    await performance.until("farewell")
    performance.take()
    await performance.until("rating")
    performance.press("skip")
    await performance.openForm(Sample.other)
    #expect(performance.scene?.here == "尊老金（高龄津贴）申领（新）")
    await performance.fillForm()
    performance.press("file")
    await performance.until("filed")
    #expect(applications(performance) == ["version \(version)", "version \(version + 1)"])
  }

  @Test func aVisitIsLedFromTheListThatItWasShown() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.put(Sample.wang)
    await performance.until("greeting")
    performance.catalogue.replace(changed(try Sample.catalogue()))
    performance.press("find")
    await performance.until("find")
    performance.press("group:retire")
    await performance.until("matters")
    performance.press("matter:elder_allowance")
    #expect(await performance.until("guide")?.title == "尊老金（高龄津贴）申领")
  }

  @Test func aClockThatIsCertainlyWrongIsNotShownAsATimeAndTheFirstPageSaysSo() async throws {
    let time = QualifiedTime(at: Timestamp(milliseconds: 60_000), quality: .unknown)
    let performance = try Performance(time: time)
    performance.board.report(Board.clock, .attention(.clockUnknown))
    let idle = await performance.until("idle")
    #expect(idle?.roof.clock == "--:--")
    #expect(idle?.roof.date == "时间待核对")
    while performance.scene?.text.contains("本机时间尚未校准") == false { await performance.until("idle") }
  }

  @Test func aFilingUnderAWrongClockSaysThatItsTimeIsNotVerified() async throws {
    let performance = try Performance(
      time: QualifiedTime(at: Timestamp(milliseconds: 60_000), quality: .unknown))
    await performance.openForm()
    await performance.fillForm()
    performance.press("file")
    #expect(await performance.until("filed")?.there?.contains("时间待核对") == true)
  }

  @Test func aClockNobodyVouchesForIsSaidOnTheFirstPage() async throws {
    let performance = try Performance()
    await performance.until("idle")
    #expect(performance.scene?.text.contains("时间待核对") == false)
    performance.clock.set(QualifiedTime(at: Sample.time.at, quality: .running))
    performance.pass(seconds: 1)
    #expect(await performance.idle(saying: "本机时间待核对") != nil)
  }
}
