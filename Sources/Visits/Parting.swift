// SPDX-License-Identifier: Apache-2.0

import Records

/// Asks for the card at the end of a visit, so that it is not forgotten: three times by sight
/// and sound, then staff are told that one lies there.
struct Parting {
  let furniture: Desk.Furniture
  let talk: Conversation

  private static let asks = 3

  enum Outcome {
    /// It was taken, or nobody took it and staff know.
    case over
    /// She wants to do something else; her card still lies there.
    case another
  }

  /// - Parameters:
  ///   - after: what came before, as the scene says it.
  ///   - mayGoOn: she was there just now, so she may begin something else. Whoever comes later
  ///     and finds her card may not, so this holds for the first time of asking only.
  func run(after: Farewell.Before, mayGoOn: Bool) async throws(VisitEnd) -> Outcome {
    var asked = 0
    while talk.hersLies, asked < Self.asks {
      let choice = try await talk.ask(.farewell(talk.patience)) { _ in
        talk.writer.farewell(
          Farewell(
            time: asked, before: after, mayGoOn: mayGoOn && asked == 0, sees: talk.seesCards))
      }
      switch choice.choice {
      case "another" where mayGoOn && asked == 0 && talk.hersLies: return .another
      case "cardGone": return .over
      // Where the reader sees nothing, her word is all there is.
      case "taken" where !talk.seesCards: return .over
      default: asked += 1
      }
    }
    if talk.hersLies { talk.reportCardLeft(at: furniture.clock.now()) }
    return .over
  }
}

/// How the card is asked for.
struct Farewell {
  enum Before {
    case filed
    /// She left, or nobody answered: nothing was filed, or not by this visit's last act.
    case left
  }

  /// 0, 1, 2.
  var time: Int
  var before: Before
  var mayGoOn: Bool
  /// The reader would see the card being taken.
  var sees: Bool
}
