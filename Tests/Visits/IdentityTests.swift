// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Matters
import Records
import Simulators
import Synchronization
import Testing

@testable import Visits

/// Comparing her with her card: only when fitted, only after she agreed, never the only way.
@Suite(.timeLimit(.minutes(10)))
struct IdentityTests {
  private static func camera(_ plays: IdentityPlay..., offered: Bool = true) -> SimulatedFaceCheck<
    ContinuousClock
  > {
    switch plays.count {
    case 2: SimulatedFaceCheck(plays[0], plays[1], clock: ContinuousClock(), isOffered: offered)
    default: SimulatedFaceCheck(plays[0], clock: ContinuousClock(), isOffered: offered)
    }
  }

  /// From the idle screen to what follows the deposit's notice.
  private func agree(_ performance: Performance) async {
    await performance.until("idle")
    performance.put(Sample.wang)
    for (scene, press) in [
      ("greeting", "find"), ("find", "group:retire"), ("matters", "matter:elder_allowance"),
      ("guide", "start"), ("deposit", "agree"),
    ] {
      await performance.until(scene)
      performance.press(press)
    }
  }

  private func file(_ performance: Performance) async -> Assurance? {
    await performance.until("check")
    performance.press("confirm")
    await performance.until("field")
    await performance.fillForm()
    performance.press("file")
    await performance.until("filed")
    let sealed = performance.ledger.kept.withLock { $0.first { $0.kind == .application } }
    return sealed.flatMap { Assurance(rawValue: String(decoding: $0.signature, as: UTF8.self)) }
  }

  @Test func withoutACameraNothingIsAskedAndItIsReadOnly() async throws {
    let performance = try Performance(face: Self.camera(.outcome(.confirmed), offered: false))
    await agree(performance)
    #expect(await file(performance) == .cardRead)
    #expect(!performance.journal.all.contains { $0.contains("consent") })
  }

  @Test func agreedAndTheSamePersonIsTheHigherLevel() async throws {
    let camera = Self.camera(.outcome(.confirmed))
    let performance = try Performance(face: camera)
    await agree(performance)
    let consent = try #require(await performance.until("consent"))
    #expect(consent.title == "是否同意人脸核验？" && consent.text.contains("比完即删"))
    #expect(consent.text.contains("不同意不影响办理"))
    #expect(camera.asked == 0)
    performance.press("agree")
    #expect(await file(performance) == .personChecked)
    #expect(camera.asked == 1)
  }

  @Test func refusingCostsNothingAndNobodyLooks() async throws {
    let camera = Self.camera(.outcome(.confirmed))
    let performance = try Performance(face: camera)
    await agree(performance)
    await performance.until("consent")
    performance.press("other")
    let later = try #require(await performance.until("checkedLater"))
    #expect(later.text.contains("仅读证"))
    performance.press("goOn")
    #expect(await file(performance) == .cardRead)
    #expect(camera.asked == 0)
  }

  @Test(arguments: [IdentityOutcome.refused, .noAnswer, .unavailable])
  func aCheckThatFailsMayBeTriedOnceMoreAndThenWaits(outcome: IdentityOutcome) async throws {
    let camera = Self.camera(.outcome(outcome))
    let performance = try Performance(face: camera)
    await agree(performance)
    await performance.until("consent")
    performance.press("agree")
    let again = await performance.until("consent")
    #expect(again?.title == "没有核对成。再试一次吗？")
    performance.press("agree")
    await performance.until("checkedLater")
    performance.press("goOn")
    #expect(await file(performance) == .cardRead)
    #expect(camera.asked == 2)
  }

  @Test func aSlowOneIsGivenItsTimeAndIsSwitchedOffThen() async throws {
    let camera = Self.camera(.silent, .outcome(.confirmed))
    let performance = try Performance(face: camera)
    await agree(performance)
    await performance.until("consent")
    performance.press("agree")
    await performance.until("checking")
    performance.pass(seconds: 31)
    await performance.until("consent")
    #expect(!camera.isLooking)
    performance.press("agree")
    #expect(await file(performance) == .personChecked)
  }

  @Test func sheMayStopItAtOnce() async throws {
    let camera = Self.camera(.silent)
    let performance = try Performance(face: camera)
    await agree(performance)
    await performance.until("consent")
    performance.press("agree")
    await performance.until("checking")
    performance.press("other")
    await performance.until("consent")
    #expect(!camera.isLooking)
    performance.press("other")
    await performance.until("checkedLater")
  }

  /// A picture compared with another card's is nothing.
  @Test func aCardLiftedMeanwhileMakesTheComparisonWorthless() async throws {
    let camera = Self.camera(.late(.milliseconds(300), .confirmed), .outcome(.noAnswer))
    let performance = try Performance(face: camera)
    await agree(performance)
    await performance.until("consent")
    performance.press("agree")
    await performance.until("checking")
    performance.take()
    await performance.until("cardTaken")
    performance.put(Sample.wang)
    #expect(await performance.until("consent")?.title == "没有核对成。再试一次吗？")
    performance.press("other")
    await performance.until("checkedLater")
    performance.press("goOn")
    #expect(await file(performance) == .cardRead)
  }

  @Test func everyLevelIsItsMattersOwn() throws {
    let methods = Dictionary(grouping: try Sample.catalogue().matters, by: \.auth.method.assurance)
    #expect(methods.mapValues(\.count) == [.personChecked: 31, .organisationChecked: 24, .none: 2])
    #expect(Assurance.allCases.map(\.level) == [0, 1, 2, 3])
  }
}
