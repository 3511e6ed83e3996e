// SPDX-License-Identifier: Apache-2.0

import Records

/// One picture of the resident's screen, in finished sentences. The page draws it and
/// returns a `Choice`; it keeps nothing and decides nothing.
public struct Scene: Hashable, Sendable, Encodable {
  /// Grows with each scene shown; a choice for an older scene is stale.
  public var id: Int
  /// What the scene is, for styling and tests: `idle`, `field`, `filed`, ….
  public var name: String
  /// Changes with each visit; when it does, the page replaces itself.
  public var visit: Int
  public var look: Look
  public var roof: Roof
  public var layout: Layout
  public var here: String?
  public var there: String?
  public var steps: [Step]
  public var title: String
  public var lead: String?
  /// What is read, above; what is between; what is touched, below.
  public var read: [Part]
  public var body: [Part]
  public var act: [Part]
  /// 接下来: what happens after the main action.
  public var next: String?
  public var base: [BaseControl]
  public var spoken: String
  /// What is left of the time to answer, drawn as a shrinking ring.
  public var countdown: Countdown?
  /// The page gives two soft tones: the scene asks for an answer or for the card.
  public var chimes: Bool

  public enum Layout: String, Hashable, Sendable, Codable { case wall, parts, idle }

  public struct Look: Hashable, Sendable, Codable {
    public var language: Language = .zh
    /// `elder` = one step larger.
    public var elder = false
    public var contrast = false
    public init() {}
  }

  public struct Roof: Hashable, Sendable, Codable {
    public var service: String
    public var site: String
    public var date: String
    public var clock: String
    public var tag: Tag?
  }

  public struct Step: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable { case done, here, todo }
    public var text: String
    public var state: State
  }

  public struct BaseControl: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable { case normal, on, resting }
    public var choice: String
    public var icon: String
    public var text: String
    public var state: State
  }

  /// A shrinking ring and a number of seconds.
  public struct Countdown: Hashable, Sendable, Codable {
    public var seconds: Int
    public var unit: String
  }
}

public enum Tone: String, Hashable, Sendable, Codable { case ok, heed, wrong, rest }

public struct Tag: Hashable, Sendable, Codable {
  public var tone: Tone
  public var icon: String
  public var text: String
}

/// The pieces a scene is made of. On the wire each is an object with one key.
public enum Part: Hashable, Sendable {
  case say(Say)
  case notices([Notice])
  case facts([Fact])
  case rows([Row])
  case tiles([Tile])
  case options(Options)
  case results([Result])
  case field(Field)
  case plate(Plate)
  case ladder([Rung])
  case buttons([Button])
  case drawing(Drawing)
  case heading(String)
  case note(String)

  public struct Say: Hashable, Sendable, Codable {
    public var tone: Tone
    public var icon: String
    public var title: String?
    public var text: String
  }

  /// A line of the notice board.
  public struct Notice: Hashable, Sendable, Codable {
    public var icon: String
    public var term: String
    public var text: String
  }

  public struct Fact: Hashable, Sendable, Codable {
    public struct Line: Hashable, Sendable, Codable {
      /// `check` (done), `pen` (still to do) or nil.
      public var icon: String?
      public var text: String
    }
    public var icon: String
    public var term: String
    public var lines: [Line]
    public var small: String?
  }

  public struct Row: Hashable, Sendable, Codable {
    public var term: String
    public var value: String
    public var small: String?
    /// Choice and word of the button that changes it; nil where it cannot be changed.
    public var choice: String?
    public var label: String?
  }

  public struct Tile: Hashable, Sendable, Codable {
    public enum Style: String, Hashable, Sendable, Codable { case main, normal, rest }
    public var choice: String
    public var icon: String
    public var title: String
    public var text: String
    public var style: Style
  }

  public struct Options: Hashable, Sendable, Codable {
    public struct Option: Hashable, Sendable, Codable {
      public var value: String
      public var title: String
      public var small: String?
      public var chosen: Bool
    }
    public var options: [Option]
    /// Several may be chosen.
    public var several: Bool
  }

  public struct Result: Hashable, Sendable, Codable {
    public var choice: String
    public var title: String
    public var why: String
    public var tag: Tag?
  }

  /// One thing to type. The page holds what is being typed until the next choice, which
  /// carries it along.
  public struct Field: Hashable, Sendable, Codable {
    public enum Keys: String, Hashable, Sendable, Codable {
      /// 0-9.
      case digits
      /// 0-9 and X.
      case idNumber
      /// 0-9 and a point.
      case amount
      /// Eight digits shown as year, month, day.
      case date
      /// Latin letters and digits; a physical keyboard may type anything.
      case text
    }
    public var keys: Keys
    public var value: String
    /// Sizes of the groups in which digits are shown, `[3, 4, 4]`; empty = one group.
    public var groups: [Int]
    /// Most characters that may be typed; 0 = as many as the centre takes.
    public var limit: Int
    /// What is wrong, by how much, where; nil when nothing is.
    public var error: String?
    public var hint: String?
    /// Words of the keys: `erase`, `clear`, `done`, `space`, `letters`, `figures`.
    public var labels: [String: String]
  }

  /// The number a resident takes along.
  public struct Plate: Hashable, Sendable, Codable {
    public var numberCaption: String
    /// 6-4-8-5-1.
    public var number: [String]
    public var claimCaption: String
    public var claim: String
    /// A QR code as rows of `0` and `1`, without its quiet zone; nil when none is shown.
    public var code: [String]?
    /// Set as large as the screen allows.
    public var huge: Bool
  }

  public struct Rung: Hashable, Sendable, Codable {
    public var state: Scene.Step.State
    public var text: String
    public var small: String?
  }

  public struct Button: Hashable, Sendable, Codable {
    public enum Style: String, Hashable, Sendable, Codable { case main, normal, small }
    public var choice: String
    public var text: String
    public var icon: String?
    public var style: Style
  }

  /// A drawing the page knows: `gate`, `place-card`, `take-card`, `take-slip`, `cardline`.
  public struct Drawing: Hashable, Sendable, Codable {
    public var name: String
    /// For those who cannot see it.
    public var text: String
    /// A sentence beside it.
    public var beside: String?
  }
}

/// What a resident did.
public struct Choice: Hashable, Sendable, Codable {
  /// The scene it answers.
  public var scene: Int
  public var choice: String
  /// What stood in the field, or the values chosen.
  public var value: String?
  public var values: [String]?

  public init(scene: Int, choice: String, value: String? = nil, values: [String]? = nil) {
    self.scene = scene
    self.choice = choice
    self.value = value
    self.values = values
  }
}

/// Where scenes are drawn and choices come from. Screens implements it with a browser.
public protocol Stage: Sendable {
  func show(_ scene: Scene) async
  /// Every choice and drawn confirmation, in order, stale ones too.
  func events() -> AsyncStream<StageEvent>
}

public enum StageEvent: Hashable, Sendable {
  case chosen(Choice)
  /// The page has drawn the scene with this id.
  case drawn(Int)
}
