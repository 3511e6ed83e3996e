// SPDX-License-Identifier: Apache-2.0

/// What an envelope carries.
public enum EnvelopeKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// An application; its number is its own.
  case application
  /// How the number of an application reached the resident; bears that number.
  case told
  /// 好差评 of a visit; bears the number of its filing.
  case rating
  /// 撤回: takes back the application that its routing names as `first`; its number is its own.
  case withdrawal
  /// 更正: sets right what the application named as `first` said; its number is its own.
  case correction

  /// Whether it has a number of its own, which a resident holds.
  public var isFiling: Bool { [.application, .withdrawal, .correction].contains(self) }
}

/// What leaves the terminal: a clear header and two sealed parts, signed as a whole.
/// Records knows only what the ledger must know to keep and order it; Wire makes and
/// opens it.
public struct Envelope: Hashable, Sendable {
  public var id: EnvelopeID
  public var number: CaseNumber
  public var kind: EnvelopeKind
  /// Ids that the centre must hold before this one counts.
  public var after: [EnvelopeID]
  /// Canonical JSON, the bytes that are authenticated; see Wire.
  public var header: [UInt8]
  /// Sealed to the centre's front key: matter, time, assurance, the claim code's hash.
  public var routing: [UInt8]
  /// Sealed to the back office's key: person, answers, materials. May be empty.
  public var content: [UInt8]
  /// Ed25519 by the terminal's key.
  public var signature: [UInt8]

  public init(
    id: EnvelopeID, number: CaseNumber, kind: EnvelopeKind, after: [EnvelopeID],
    header: [UInt8], routing: [UInt8], content: [UInt8], signature: [UInt8]
  ) {
    self.id = id
    self.number = number
    self.kind = kind
    self.after = after
    self.header = header
    self.routing = routing
    self.content = content
    self.signature = signature
  }
}

/// An id, a number and a time, before anything is sealed. A reservation never used leaves
/// a gap in the numbers, which is allowed.
public struct Reservation: Hashable, Sendable {
  public var id: EnvelopeID
  public var number: CaseNumber
  public var time: QualifiedTime

  public init(id: EnvelopeID, number: CaseNumber, time: QualifiedTime) {
    self.id = id
    self.number = number
    self.time = time
  }
}

/// What the centre's clerks route by. Sealed to the front key.
public struct Routing: Hashable, Sendable, Codable {
  /// Of an application; nil on envelopes that follow one and say nothing of their own.
  public var matter: String?
  public var matterVersion: Int?
  public var time: QualifiedTime
  public var assurance: Assurance
  /// SHA-256 of number and claim code, hexadecimal; nil where there is no claim code.
  public var claimHash: String?
  /// On `told` envelopes only.
  public var told: Told?
  /// On `withdrawal` and `correction` only: the application they are about, and SHA-256 of
  /// its number and claim code, hexadecimal, by which the centre knows that whoever filed
  /// them held the first slip.
  public var first: CaseNumber?
  public var firstClaimHash: String?
  /// On `rating` envelopes only: 1 very dissatisfied … 5 very satisfied; nil there means
  /// invited to rate and not rated (已邀请未评价).
  public var rating: Int?

  public init(
    matter: String? = nil, matterVersion: Int? = nil, time: QualifiedTime, assurance: Assurance,
    claimHash: String? = nil, told: Told? = nil, first: CaseNumber? = nil,
    firstClaimHash: String? = nil, rating: Int? = nil
  ) {
    self.matter = matter
    self.matterVersion = matterVersion
    self.time = time
    self.assurance = assurance
    self.claimHash = claimHash
    self.told = told
    self.first = first
    self.firstClaimHash = firstClaimHash
    self.rating = rating
  }
}

/// How sure the terminal is of the person (words-and-screens: identity levels).
public enum Assurance: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
  /// Nobody was read.
  case none
  /// 仅读证: the card was read, the person was not compared.
  case cardRead
  /// The person was compared with her card, after her separate consent, or showed a code of her
  /// own telephone (苏服码) for which its issuer answered.
  case personChecked
  /// The organisation's licence was checked.
  case organisationChecked

  /// 0 … 3.
  public var level: Int {
    switch self {
    case .none: 0
    case .cardRead: 1
    case .personChecked: 2
    case .organisationChecked: 3
    }
  }

  public static func < (left: Assurance, right: Assurance) -> Bool { left.level < right.level }
}

/// How the number reached the resident.
public enum Told: String, Hashable, Sendable, Codable {
  case printed
  case shown
  /// The terminal cannot say; she may have filed again.
  case unknown
}

/// What only the back office opens.
public struct Content: Hashable, Sendable, Codable {
  public var applicant: Resident
  public var answers: [String: Answer]
  public var materials: [MaterialStatement]
  public var claimCode: ClaimCode
  /// The language the resident used: `zh` or `en`.
  public var language: String

  public init(
    applicant: Resident, answers: [String: Answer], materials: [MaterialStatement],
    claimCode: ClaimCode, language: String
  ) {
    self.applicant = applicant
    self.answers = answers
    self.materials = materials
    self.claimCode = claimCode
    self.language = language
  }
}

/// One material and how it is provided: read from the card, to be checked by the centre, ….
public struct MaterialStatement: Hashable, Sendable, Codable {
  public enum Way: String, Hashable, Sendable, Codable {
    case cardRead, centreChecks, formFilled, notNeeded, toFollow
  }
  public var id: String
  public var way: Way

  public init(id: String, way: Way) {
    self.id = id
    self.way = way
  }
}

/// One answer on a form.
public enum Answer: Hashable, Sendable, Codable {
  case text(String)
  case flag(Bool)
  case chosen([String])

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .chosen(try container.decode([String].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .flag(let flag): try container.encode(flag)
    case .chosen(let values): try container.encode(values)
    }
  }
}

/// What is to be sealed, before it is.
public struct Submission: Sendable {
  public var reservation: Reservation
  public var kind: EnvelopeKind
  public var after: [EnvelopeID]
  public var routing: Routing
  public var content: Content?

  public init(
    reservation: Reservation, kind: EnvelopeKind, after: [EnvelopeID] = [],
    routing: Routing, content: Content? = nil
  ) {
    self.reservation = reservation
    self.kind = kind
    self.after = after
    self.routing = routing
    self.content = content
  }
}

/// Closes envelopes with the centre's public keys and the terminal's own. Made by Wire.
public protocol Sealer: Sendable {
  func seal(_ submission: Submission) throws(SealFault) -> Envelope
}

public enum SealFault: Error, Hashable, Sendable {
  /// The keys do not work or the crypto library refused.
  case cannotSeal
}
