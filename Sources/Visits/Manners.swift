// SPDX-License-Identifier: Apache-2.0

/// What the card may do to the scene that is being asked.
enum CardRule {
  /// The visit needs its card: taken away, she is asked whether to go on.
  case stays
  /// This scene asks for a card; one that is put on answers it (`cardRead`).
  case wanted
  /// All is done: the card may go.
  case free
  /// This scene asks her to take the card; taking it answers it (`cardGone`).
  case leaving

  /// What becomes of the reader is news to whoever looks at the scene.
  var needsReader: Bool { self == .stays || self == .wanted }
}

/// What may happen while a scene is asked.
struct Manners {
  enum Home {
    /// Going home would lose what she filled in: she is asked first.
    case asks
    case leaves
    /// Going home is the same as this choice of the scene.
    case answers(String)
  }

  enum Silence {
    /// She is warned; without an answer the visit ends and all is cleared.
    case ends
    /// She is warned that the screen will go on; without an answer it does, by this choice.
    case goesOn(String)
    /// The scene goes on by this choice without a warning.
    case answers(String)
  }

  /// What somebody else's card does after hers was taken.
  enum Stranger: Hashable {
    /// Her own card is asked for; what she filled in waits for it.
    case asks
    case ends
    /// The scene goes on by this choice.
    case answers(String)
    /// Nothing: what stands there is still needed, and no secret from who sees it anyway.
    case waits
  }

  var card = CardRule.stays
  var home = Home.asks
  var silence = Silence.ends
  /// Seconds of silence; nil = as usual.
  var patience: Int?
  /// The scene says whether the centre has the application, as soon as that is known.
  var tellsVerdict = false
  var stranger = Stranger.asks
  /// What comes of a check answers the scene.
  var awaitsCheck = false
  /// A code held before the scanner answers it (`code`). On any other scene it is nothing.
  var takesCode = false

  static let form = Manners()
  static let browsing = Manners(home: .leaves)

  static func card(takesCode: Bool) -> Manners {
    Manners(card: .wanted, home: .leaves, takesCode: takesCode)
  }

  /// Beside the notice board: a card that is put on opens a visit.
  static let besides = Manners(card: .wanted, home: .leaves, silence: .answers("back"))
  /// Nothing was filed, or nothing of a visit is on the screen.
  static let aside = Manners(card: .free, home: .leaves, stranger: .ends)
  /// She has her number; it stays until she has seen it.
  static let filed = Manners(
    card: .free, home: .answers("finish"), silence: .goesOn("finish"), tellsVerdict: true,
    stranger: .answers("finish"))

  static func number(_ patience: Patience) -> Manners {
    Manners(
      card: .free, home: .answers("finish"), silence: .goesOn("finish"), patience: patience.number,
      tellsVerdict: true, stranger: .waits)
  }

  /// Something looks at her: it ends by itself soon, and by her press at once.
  static func checking(_ patience: Patience) -> Manners {
    Manners(silence: .answers("late"), patience: patience.check, awaitsCheck: true)
  }

  /// Her code is being asked about; nothing was filled in yet, and her card does as well.
  static func checkingCode(_ patience: Patience) -> Manners {
    Manners(
      card: .wanted, home: .leaves, silence: .answers("late"), patience: patience.check,
      awaitsCheck: true)
  }

  static func farewell(_ patience: Patience) -> Manners {
    Manners(
      card: .leaving, home: .answers("taken"), silence: .answers("silence"),
      patience: patience.farewell, stranger: .answers("cardGone"))
  }

  static let rating = Manners(
    card: .free, home: .answers("skip"), silence: .answers("skip"), patience: 30,
    stranger: .answers("skip"))
}
