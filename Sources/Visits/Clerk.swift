// SPDX-License-Identifier: Apache-2.0

import Paper
import Records

/// What a resident has filled in, ready to be sealed.
struct Application {
  var matter: String
  var matterVersion: Int
  var applicant: Resident
  var answers: [String: Answer]
  var materials: [MaterialStatement]
  var language: Language
  /// How sure the terminal was of her when she filed.
  var assurance: Assurance
}

/// Takes an application from "she pressed the button" to "it is on disk": the one place
/// where a number becomes something that may be told.
struct Clerk: Sendable {
  let filing: any Filing
  let sealer: any Sealer
  let chance: any RandomSource
  /// SHA-256 of number and claim code, as Wire makes it.
  let claimHash: @Sendable (CaseNumber, ClaimCode) -> String

  enum Fault: Error, Hashable {
    case store(StoreFault)
    case seal
  }

  struct Receipt {
    var filed: Filed
    var claim: ClaimCode
    var time: QualifiedTime
    var job: SlipJob
  }

  func file(_ application: Application) async throws(Fault) -> Receipt {
    let reservation: Reservation
    do throws(StoreFault) {
      reservation = try await filing.reserve()
    } catch {
      throw .store(error)
    }
    let claim = ClaimCode(chance: chance.bytes(5))
    guard let envelope = seal(submission(of: application, reservation, claim)) else { throw .seal }
    let job = SlipJob(chance: chance.bytes(16))
    do throws(StoreFault) {
      let filed = try await filing.file(envelope, slip: job)
      return Receipt(filed: filed, claim: claim, time: reservation.time, job: job)
    } catch {
      throw .store(error)
    }
  }

  private func submission(
    of application: Application, _ reservation: Reservation, _ claim: ClaimCode
  ) -> Submission {
    let routing = Routing(
      matter: application.matter, matterVersion: application.matterVersion, time: reservation.time,
      assurance: application.assurance, claimHash: claimHash(reservation.number, claim))
    let content = Content(
      applicant: application.applicant, answers: application.answers,
      materials: application.materials, claimCode: claim, language: application.language.rawValue)
    return Submission(reservation: reservation, kind: .application, routing: routing, content: content)
  }

  /// How the number reached her, as an envelope of its own.
  func tell(_ told: Told, of filed: Filed) async throws(StoreFault) {
    try await add(.told, to: filed) { $0.told = told }
  }

  /// Nil: she was invited and did not rate.
  func rate(_ rating: Int?, of filed: Filed) async throws(StoreFault) {
    try await add(.rating, to: filed) { $0.rating = rating }
  }

  private func add(
    _ kind: EnvelopeKind, to filed: Filed, _ fill: (inout Routing) -> Void
  ) async throws(StoreFault) {
    let reservation = try await filing.reserve(about: filed)
    var routing = Routing(time: reservation.time, assurance: .none)
    fill(&routing)
    let submission = Submission(
      reservation: reservation, kind: kind, after: [filed.id], routing: routing)
    guard let envelope = seal(submission) else { throw .missing }
    try await filing.add(envelope)
  }

  private func seal(_ submission: Submission) -> Envelope? {
    do throws(SealFault) {
      return try sealer.seal(submission)
    } catch {
      return nil
    }
  }
}
