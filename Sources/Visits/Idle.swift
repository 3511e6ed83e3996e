// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Upkeep

/// How somebody begins.
enum Opening {
  case card, apply, guide
}

/// The notice board between visits.
struct Idle {
  let board: Board
  let clock: any WallTime
  let quiet: AsyncStream<Void>.Continuation
  let codes: ResidentCodes

  /// Seconds between two looks at what was wrong.
  private static let betweenLooks = 30

  /// Seconds for which a card that opens nothing may lie there before staff are told, unless it
  /// lay there from the first: as long as a farewell asks for one.
  private static let leftAfter = 60

  func wait(_ talk: Conversation) async throws(VisitEnd) -> Opening {
    var shown = await show(talk)
    var touched = talk.deadline(seconds: talk.patience.silence)
    var look = talk.deadline(seconds: Self.betweenLooks)
    var lain = talk.deadline(seconds: Self.leftAfter)
    while true {
      if !talk.cardLies || board.readerIsAway { lain = talk.deadline(seconds: Self.leftAfter) }
      switch try await talk.next() {
      case .stage(.chosen(let choice)) where choice.scene == talk.sceneID:
        if choice.choice == "apply", board.canFile { return .apply }
        if choice.choice == "guide" { return .guide }
        if try await aside(choice, talk) { return .card }
        touched = talk.deadline(seconds: talk.patience.silence)
        shown = await show(talk)
      case .code(.shown(let scanned)) where isSlip(scanned):
        let wish = Choice(scene: talk.sceneID, choice: "progress")
        if try await aside(wish, talk) { return .card }
        touched = talk.deadline(seconds: talk.patience.silence)
        shown = await show(talk)
      case .card(.presented(let resident, lying: false)):
        talk.adopt(resident)
        return .card
      case .card(let card):
        // It lay there before we looked, and nobody is served: left, by whoever was here in a
        // former life of the process for instance.
        if case .presented(_, lying: true) = card { talk.reportCardLeft(at: clock.now()) }
        shown = await show(talk)
      case .beat where talk.isPast(lain):
        lain = talk.deadline(seconds: Self.leftAfter)
        talk.reportCardLeft(at: clock.now())
      case .beat where talk.writer.look != Scene.Look() && talk.isPast(touched):
        talk.writer.look = Scene.Look()
        shown = await show(talk)
      case .beat where picture(talk) != shown:
        shown = await show(talk)
      case .beat where talk.isPast(look):
        look = talk.deadline(seconds: Self.betweenLooks)
        quiet.yield()
      case .news where picture(talk) != shown:
        shown = await show(talk)
      default: continue
      }
    }
  }

  /// Who holds her slip to the scanner wants to know where it stands.
  private func isSlip(_ scanned: ScannedCode) -> Bool {
    guard case .slip = codes.read(scanned.bytes) else { return false }
    return true
  }

  /// True when a card was put on meanwhile.
  private func aside(_ choice: Choice, _ talk: Conversation) async throws(VisitEnd) -> Bool {
    if talk.changeLook(choice) { return false }
    guard Self.besides.contains(choice.choice) else { return false }
    do throws(VisitEnd) {
      let answer = try await talk.ask(.besides) { _ in
        choice.choice == "help" ? talk.writer.help() : talk.writer.resting(choice.choice)
      }
      return answer.choice == "cardRead"
    } catch {
      if error == .stopped { throw error }
      return false
    }
  }

  private static let besides: Set = ["apply", "print", "progress", "ticket", "feedback", "stuck", "help"]

  /// What decides how the first page looks, so that it is drawn anew only when it changes.
  private struct Picture: Equatable {
    var minute: String
    var quality: TimeQuality
    var centre: Problem?
    var troubles: [Trouble]
    var cardLies: Bool
    /// A code serves while no card does.
    var codesServe: Bool

    init(_ board: Board, _ time: QualifiedTime, cardLies: Bool, offersCodes: Bool) {
      minute = LocalTime.clock(time.at)
      quality = time.quality
      centre = board.centreProblem
      troubles = board.troubles(at: time)
      self.cardLies = cardLies
      codesServe = board.readerIsAway && offersCodes
    }
  }

  private func picture(_ talk: Conversation) -> Picture {
    picture(talk, at: clock.now())
  }

  private func picture(_ talk: Conversation, at time: QualifiedTime) -> Picture {
    Picture(board, time, cardLies: talk.cardLies, offersCodes: talk.writer.offersCodes)
  }

  private func show(_ talk: Conversation) async -> Picture {
    let time = clock.now()
    let picture = picture(talk, at: time)
    let rests = board.readerIsAway
    await talk.show(
      talk.writer.idle(
        Arrival(
          time: time, cardLies: picture.cardLies, readerRests: rests, troubles: picture.troubles)))
    return picture
  }
}
