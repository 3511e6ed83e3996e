// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Matters
import Records
import Simulators
import Synchronization
import Testing
import Upkeep

@testable import Visits

/// A code on her telephone in the place of her card.
@Suite(.timeLimit(.minutes(10)))
struct CodeTests {
  private static let gone = DeviceState.absent(Problem(code: "reader.gone", severity: .wrong))
  private static let slip = "https://progress.example.cn/p/\(Sample.number(1))#ABCD2345"

  /// At the scene that asks who she is, with a scanner that works.
  private func asked(
    _ issuing: CodeIssuing, readerIsAway: Bool = false, time: QualifiedTime = Sample.time,
    face: any FaceCheck = NoFaceCheck()
  ) async throws -> Performance {
    let performance = try Performance(time: time, face: face, verifier: issuing.verifier)
    performance.board.report(Board.scanner, .ready)
    performance.board.report(Board.reader, readerIsAway ? Self.gone : .ready)
    if readerIsAway { await performance.idle(saying: "可用苏服码") } else { await performance.until("idle") }
    performance.press("guide")
    await performance.walkToCard()
    return performance
  }

  private func fill(_ performance: Performance) async {
    await performance.until("deposit")
    performance.press("agree")
    await performance.until("check")
    performance.press("confirm")
    await performance.until("field")
    await performance.fillForm()
  }

  private func filed(_ performance: Performance) -> Envelope? {
    performance.ledger.kept.withLock { $0.first { $0.kind == .application } }
  }

  @Test func withTheReaderAwayItIsOfferedAndServesInTheCardsPlace() async throws {
    let issuing = CodeIssuing()
    let performance = try await asked(issuing, readerIsAway: true)
    let ask = try #require(performance.scene)
    #expect(ask.title == "读卡器暂时没有反应" && ask.text.contains("现在可以用苏服码"))
    performance.hold(issuing.code())
    #expect(await performance.next()?.title == "正在核验您的码")
    #expect(await performance.next()?.name == "deposit")
    performance.press("agree")
    let check = try #require(await performance.next())
    #expect(check.title == "这些来自您的苏服码，对吗？" && check.text.contains("王*"))
    performance.press("confirm")
    await performance.until("field")
    await performance.fillForm()
    let summary = try #require(performance.scene)
    #expect(summary.text.contains("联网核验") && !summary.text.contains("证件已读取"))
    #expect(!summary.text.contains("读卡器"))
    performance.press("file")
    await performance.until("filed")
    let envelope = try #require(filed(performance))
    #expect(String(decoding: envelope.content, as: UTF8.self) == Sample.wang.idNumber)
    #expect(String(decoding: envelope.signature, as: UTF8.self) == Assurance.personChecked.rawValue)
    performance.press("finish")
    #expect(await performance.next()?.name == "rating")
  }

  @Test func whatHerCodeSaysOfHerIsHerNameHerNumberAndWhatThatSays() throws {
    let wang = try #require(Resident(CodeHolder(name: "王秀兰", idNumber: "11010519491231002X")))
    #expect(wang.document == .heldCode && wang.birth == "19491231" && wang.sex == "2")
    #expect(wang.address == nil && wang.validFrom == nil && wang.validTo == nil)
    for holder in [
      CodeHolder(name: "", idNumber: "11010519491231002X"),
      CodeHolder(name: "王\u{1B}", idNumber: "11010519491231002X"),
      CodeHolder(name: String(repeating: "王", count: 61), idNumber: "11010519491231002X"),
      CodeHolder(name: "王秀兰", idNumber: "110105194912310021"), CodeHolder(name: "王秀兰", idNumber: ""),
    ] {
      #expect(Resident(holder) == nil)
    }
  }

  /// Each with what to do, in both languages, and with the card beside it.
  @Test(
    arguments: [
      ("", "没有看清这个码", "not read clearly"), ("old", "这个码过时了", "too old"),
      ("early", "码上的时间", "do not agree"), ("used", "这个码已经用过", "used before"),
      ("forged", "这个码不能说明您是谁", "does not say who you are"),
      ("foreign", "这个码不能说明您是谁", "does not say who you are"),
      ("slip", "这个码不能说明您是谁", "does not say who you are"),
      ("words", "这个码不能说明您是谁", "does not say who you are"),
    ])
  func aCodeThatDoesNotServeIsToldSoAndTheCardStillDoes(kind: String, chinese: String, english: String)
    async throws
  {
    let issuing = CodeIssuing()
    let performance = try await asked(issuing)
    #expect(performance.scene?.text.contains("也可以用苏服码") == true)
    switch kind {
    case "": performance.scanner.events.yield(.unreadable)
    case "old": performance.hold(issuing.code(age: 61))
    case "early": performance.hold(issuing.code(age: -6))
    case "used":
      let code = issuing.code()
      await spent(code, performance)
      performance.hold(code)
    case "forged": performance.hold(issuing.code().replacing(":00000000", with: ":0000000A"))
    case "foreign": performance.hold(issuing.code().replacing("TEST", with: "OTHER"))
    case "slip": performance.hold(Self.slip)
    default: performance.hold("苏服码")
    }
    let refused = try #require(await performance.until(saying: chinese))
    #expect(refused.name == "card" && refused.chimes && refused.spoken.contains(chinese))
    #expect(refused.text.contains("也可以放身份证。"))
    performance.press("language")
    #expect(await performance.until("card")?.text.contains(english) == true)
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "deposit")
  }

  /// Serves once, and the visit is left; the next one stands where the first did.
  private func spent(_ code: String, _ performance: Performance) async {
    performance.hold(code)
    await performance.until("deposit")
    performance.press("back")
    await performance.until("find")
    performance.press("home")
    await performance.until("idle")
    performance.press("guide")
    await performance.walkToCard()
  }

  @Test func whatCannotBeCheckedNowIsSaidSoAndIsNobodysFault() async throws {
    for register in [CodeIssuing.Register.rests, .namesNobody] {
      let issuing = CodeIssuing(register)
      let performance = try await asked(issuing, readerIsAway: true)
      performance.hold(issuing.code())
      let said = try #require(await performance.until(saying: "现在不能核验码"))
      #expect(said.text.contains("也可以到窗口办理") && said.text.contains("12345"))
    }
  }

  @Test func aSilentIssuerIsGivenItsTimeOrLeftByAPress() async throws {
    let issuing = CodeIssuing(.isSilent)
    let performance = try await asked(issuing)
    performance.hold(issuing.code())
    await performance.until("checking")
    performance.press("other")
    await performance.until(saying: "现在不能核验码")
    performance.hold(issuing.code())
    await performance.until("checking")
    performance.pass(seconds: 31)
    await performance.until(saying: "现在不能核验码")
    performance.hold(issuing.code())
    await performance.until("checking")
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "deposit")
  }

  @Test func aClockThatIsWrongJudgesNoCode() async throws {
    let wrong = QualifiedTime(at: Sample.time.at, quality: .unknown)
    let issuing = CodeIssuing()
    let performance = try await asked(issuing, time: wrong)
    #expect(performance.scene?.text.contains("苏服码") == false)
    performance.hold(issuing.code())
    #expect(await performance.next()?.text.contains("看不出码是否过时") == true)
  }

  @Test func onAnyOtherSceneACodeIsNothing() async throws {
    let issuing = CodeIssuing()
    let performance = try Performance(verifier: issuing.verifier)
    performance.board.report(Board.scanner, .ready)
    performance.board.report(Board.reader, .ready)
    await performance.until("idle")
    performance.hold(issuing.code())
    // What is said of the slip shows that the code before it was heard.
    performance.hold(Self.slip)
    #expect(await performance.next()?.name == "resting")
    performance.press("back")
    await performance.until("idle")
    performance.press("guide")
    await performance.startFromTheList()
    await performance.until("card")
    performance.put(Sample.wang)
    performance.hold(issuing.code(CodeIssuer.Person(name: "另一位", idNumber: Sample.other.idNumber)))
    await fill(performance)
    performance.press("file")
    await performance.until("filed")
    let envelope = try #require(filed(performance))
    #expect(String(decoding: envelope.content, as: UTF8.self) == Sample.wang.idNumber)
    #expect(String(decoding: envelope.signature, as: UTF8.self) == Assurance.cardRead.rawValue)
  }

  @Test func aSlipsOwnCodeAtTheFirstPageSaysHowToSeeWhereItStands() async throws {
    let performance = try Performance()
    await performance.until("idle")
    performance.hold(Self.slip)
    let resting = try #require(await performance.next())
    #expect(resting.name == "resting" && resting.title == "查进度，请扫凭条上的码")
    #expect(!resting.text.contains("ABCD2345"))
  }

  @Test func noIssuerNoScannerOrAMatterThatAsksForALicenceOffersNone() async throws {
    let silent = try Performance()
    silent.board.report(Board.scanner, .ready)
    await silent.until("idle")
    silent.press("guide")
    await silent.walkToCard()
    #expect(silent.scene?.text.contains("苏服码") == false)
    let issuing = CodeIssuing()
    let performance = try await asked(issuing)
    performance.board.report(Board.scanner, .absent(Problem(code: "scanner.gone", severity: .heed)))
    #expect(await performance.next()?.text.contains("苏服码") == false)
    performance.board.report(Board.scanner, .ready)
    #expect(await performance.next()?.text.contains("苏服码") == true)
    #expect([Auth.Method.none, .idCardFace, .eLicence].map(\.takesCodes) == [true, true, false])
  }

  @Test func aMatterThatAsksForALicenceTakesNone() async throws {
    let issuing = CodeIssuing()
    let performance = try Performance(verifier: issuing.verifier)
    performance.catalogue.replace(try licensed(try Sample.catalogue()))
    performance.board.report(Board.scanner, .ready)
    await performance.until("idle")
    performance.press("guide")
    await performance.walkToCard()
    #expect(performance.scene?.text.contains("苏服码") == false)
    performance.hold(issuing.code())
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "deposit")
  }

  private func licensed(_ catalogue: Catalogue) throws -> Catalogue {
    Catalogue(
      meta: catalogue.meta, enums: catalogue.enums, regions: catalogue.regions,
      departments: catalogue.departments, certificates: catalogue.certificates,
      matters: catalogue.matters.map { matter in
        var matter = matter
        matter.auth.method = .eLicence
        return matter
      }, bundles: catalogue.bundles, promiseTemplates: catalogue.promiseTemplates)
  }

  @Test func whoCameByCodeIsNotComparedWithACardAndIsAskedForNone() async throws {
    let issuing = CodeIssuing()
    let camera = SimulatedFaceCheck(.outcome(.confirmed), clock: ContinuousClock())
    let performance = try await asked(issuing, face: camera)
    performance.hold(issuing.code())
    await fill(performance)
    performance.press("size")
    #expect(await performance.next()?.name == "summary")
    #expect(camera.asked == 0 && !performance.journal.all.contains { $0.contains("cardTaken") })
  }

  /// Hidden while it lies there; gone on with where she stood once it is taken.
  @Test func somebodyElsesCardHidesWhatSheFilledInUntilItIsTaken() async throws {
    let issuing = CodeIssuing()
    let performance = try await asked(issuing)
    performance.hold(issuing.code())
    await performance.until("deposit")
    performance.press("agree")
    await performance.until("check")
    performance.put(Sample.other)
    let hidden = try #require(await performance.next())
    #expect(hidden.name == "otherCard" && hidden.text.contains("取走这张证件"))
    #expect(!hidden.text.contains("王*"))
    performance.take()
    #expect(await performance.next()?.name == "check")
    performance.put(Sample.wang)
    #expect(await performance.next()?.name == "check")
    performance.take()
    #expect(await performance.next()?.name == "check")
    performance.put(Sample.other)
    await performance.until("otherCard")
    performance.pass(seconds: 21)
    #expect(await performance.until("idle") != nil)
  }
}

extension Performance {
  /// Goes on until a scene says `words`.
  @discardableResult func until(saying words: String) async -> Scene? {
    while let scene = await next(), !scene.text.contains(words) {}
    return scene
  }
}
