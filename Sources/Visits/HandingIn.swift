// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Matters
import Paper
import Records
import Upkeep

/// From "hand it in" to "she has the number": filed, printed or shown, and told.
struct HandingIn {
  let furniture: Desk.Furniture
  let talk: Conversation
  let filling: FormFilling
  /// What was reached before she filled in.
  let assurance: Assurance

  private var matterName: String { filling.matter.name.text(talk.writer.language) }

  private var plan: MaterialPlan {
    MaterialPlan(matter: filling.matter, answers: filling.answers, cardRead: talk.cardWasRead)
  }

  /// Nil when nothing was filed; she has been told why.
  func run() async throws(VisitEnd) -> Filed? {
    await talk.show(talk.writer.filing(matter: matterName))
    let receipt: Clerk.Receipt
    do throws(Clerk.Fault) {
      receipt = try await furniture.clerk.file(application())
    } catch {
      try await explain(error)
      return nil
    }
    // From here the number is on disk; before here nobody was told one.
    await talk.show(talk.writer.printing(matter: matterName))
    let outcome = await furniture.press.press(slip(receipt), job: receipt.job)
    try await tell(receipt, outcome)
    return receipt.filed
  }

  private func application() -> Application {
    Application(
      matter: filling.matter.id, matterVersion: filling.matter.version, applicant: filling.resident,
      answers: filling.matter.form.pruned(filling.answers), materials: plan.statements,
      language: talk.writer.language, assurance: assurance)
  }

  private func slip(_ receipt: Clerk.Receipt) -> Slip {
    let writer = talk.writer
    func names(_ materials: [Material]) -> [String] { materials.map { $0.name.text(writer.language) } }
    let slip = ApplicationSlip(
      number: receipt.filed.number, claim: receipt.claim, matter: matterName,
      isLicence: filling.matter.isLicence, applicantName: filling.resident.name,
      idNumber: filling.resident.idNumber, time: receipt.time,
      assurance: assurance, asked: filling.matter.auth.method.assurance,
      provided: [writer("slip.provided-\(filling.source.rawValue)"), writer("slip.provided-form")],
      awaiting: names(plan.materials(.centreChecks)), toFollow: names(plan.materials(.toFollow)))
    return slip.slip(writer.words, writer.language, writer.settings)
  }

  private func tell(_ receipt: Clerk.Receipt, _ outcome: SlipOutcome) async throws(VisitEnd) {
    let taken = taken(receipt)
    // As long as her number is on the screen and no longer: the way out cancels it.
    let listening = talk.listen(for: receipt.filed, in: furniture.filing)
    async let _ = listening()
    guard outcome == .printed else {
      return try await showNumber(taken, receipt.filed, why: why(outcome))
    }
    await record(.printed, receipt.filed)
    let choice = try await talk.ask(.filed) { _ in
      talk.writer.filed(taken, arrival: talk.verdicts[taken.id], cardLies: talk.hersLies)
    }
    if choice.choice == "noSlip" { try await lookAtNumber(taken, why: "no-paper.not-out") }
  }

  private func taken(_ receipt: Clerk.Receipt) -> Taken {
    let link = ApplicationSlip.link(
      host: talk.writer.settings.publicHost, number: receipt.filed.number, claim: receipt.claim)
    return Taken(
      id: receipt.filed.id, matter: matterName, number: receipt.filed.number, claim: receipt.claim,
      time: receipt.time, code: furniture.code(link), isLicence: filling.matter.isLicence)
  }

  /// No slip: the number stands on the screen, and counts as told when the page has drawn it.
  private func showNumber(_ taken: Taken, _ filed: Filed, why: String) async throws(VisitEnd) {
    await talk.show(talk.writer.noPaper(taken, arrival: talk.verdicts[taken.id], why: why))
    do throws(VisitEnd) {
      await record(try await talk.awaitDrawn() ? .shown : .unknown, filed)
    } catch {
      await record(.unknown, filed)
      throw error
    }
    try await lookAtNumber(taken, why: why)
  }

  private func lookAtNumber(_ taken: Taken, why: String) async throws(VisitEnd) {
    while true {
      let choice = try await talk.ask(.number(talk.patience)) { _ in
        talk.writer.noPaper(taken, arrival: talk.verdicts[taken.id], why: why)
      }
      if choice.choice == "finish" { return }
    }
  }

  private func record(_ told: Told, _ filed: Filed) async {
    // A telling that cannot be kept is found missing at the next start and then called
    // unknown, which is never more than is true.
    try? await furniture.clerk.tell(told, of: filed)
  }

  private func why(_ outcome: SlipOutcome) -> String {
    switch outcome {
    case .printed, .unknown: "no-paper.unknown"
    case .notPrinted(.outOfPaper): "no-paper.title"
    case .notPrinted: "no-paper.printer"
    }
  }

  private func explain(_ fault: Clerk.Fault) async throws(VisitEnd) {
    let name =
      switch fault {
      case .seal: "seal"
      case .store(.full): "full"
      case .store(.noNumbers): "numbers"
      case .store: "broken"
      }
    // The next resident is not led through a form for nothing, and staff hear of it.
    switch fault {
    case .store(.full): furniture.board.report(Board.ledger, .failed(.ledgerFull))
    case .store(.broken): furniture.board.report(Board.ledger, .failed(.ledgerBroken))
    default: break
    }
    _ = try await talk.ask(.aside) { _ in talk.writer.trouble(name) }
  }
}
