// SPDX-License-Identifier: Apache-2.0

import Records

/// 自助申报凭条: what the resident takes home. It says what is true when it is printed:
/// saved here, not yet carried to the centre, not accepted.
public struct ApplicationSlip: Hashable, Sendable, Codable {
  public var number: CaseNumber
  public var claim: ClaimCode
  public var matter: String
  /// 行政许可: its clock starts otherwise (words-and-screens, "two clocks").
  public var isLicence: Bool
  public var applicantName: String
  public var idNumber: String
  public var time: QualifiedTime
  /// How sure the terminal was of her, and how sure the matter asks one to be.
  public var assurance: Assurance
  public var asked: Assurance
  public var provided: [String]
  public var awaiting: [String]
  public var toFollow: [String]

  public init(
    number: CaseNumber, claim: ClaimCode, matter: String, isLicence: Bool, applicantName: String,
    idNumber: String, time: QualifiedTime, assurance: Assurance, asked: Assurance, provided: [String],
    awaiting: [String], toFollow: [String]
  ) {
    self.number = number
    self.claim = claim
    self.matter = matter
    self.isLicence = isLicence
    self.applicantName = applicantName
    self.idNumber = idNumber
    self.time = time
    self.assurance = assurance
    self.asked = asked
    self.provided = provided
    self.awaiting = awaiting
    self.toFollow = toFollow
  }

  /// What a phone reads from the slip: the claim code stands behind the `#`, which no
  /// browser sends to a server.
  public static func link(host: String, number: CaseNumber, claim: ClaimCode) -> String {
    "https://\(host)/p/\(number)#\(claim.text)"
  }

  public func slip(_ words: Words, _ language: Language, _ settings: Settings) -> Slip {
    let site = settings.site
    let groups = number.groups
    return Slip(blocks: [
      .site(
        above: words("site.service", language), name: site.name.text(language),
        below: site.terminal.text(language)),
      .title(words("slip.title", language), state: words("slip.state", language)),
      .rule(dashed: false),
      .number(
        caption: words("slip.number", language),
        lines: [groups[0] + "-" + groups[1] + "-", groups[2...].joined(separator: "-")]),
      .claim(caption: words("slip.claim", language), code: claim.grouped),
      .rule(dashed: true),
      .facts(facts(words, language)),
      .rule(dashed: true),
      .boxed(words("slip.not-acceptance", language)),
      .numbered(sentences(words, language, phone: site.phone)),
      .rule(dashed: true),
      .codes([
        SlipCode(
          payload: Self.link(host: settings.publicHost, number: number, claim: claim),
          caption: words("slip.scan", language))
      ]),
      .closing(words("slip.keep", language)),
    ])
  }

  private func facts(_ words: Words, _ language: Language) -> [SlipFact] {
    let separator = language == .zh ? "、" : ", "
    func fact(_ key: String, _ text: String) -> SlipFact {
      SlipFact(term: words(key, language), text: text)
    }
    var facts = [
      fact("slip.matter", matter),
      fact(
        "slip.applicant",
        words(
          "slip.applicant-masked", language,
          ["name": Masked.name(applicantName), "tail": Masked.tail(idNumber)])),
      fact("slip.time", when(words, language)),
      fact("slip.identity", words(identityKey, language)),
    ]
    for (key, names) in [
      ("slip.provided", provided), ("slip.awaiting", awaiting), ("slip.to-follow", toFollow),
    ] where !names.isEmpty {
      facts.append(fact(key, names.joined(separator: separator)))
    }
    return facts
  }

  /// Below what the matter asks it is 仅读证, and nothing is granted before the check.
  private var identityKey: String {
    guard assurance >= asked else { return "slip.identity-card-read" }
    return switch assurance {
    case .none, .cardRead: "slip.identity-enough"
    case .personChecked: "slip.identity-person"
    case .organisationChecked: "slip.identity-organisation"
    }
  }

  /// A clock that is certainly wrong is not quoted: its hour would be a false word on paper.
  private func when(_ words: Words, _ language: Language) -> String {
    let quality = words("slip.time-\(time.quality)", language)
    return time.quality == .unknown ? quality : LocalTime.dayAndClock(time.at) + quality
  }

  private func sentences(_ words: Words, _ language: Language, phone: String) -> [String] {
    [
      words("slip.line-saved", language),
      words(isLicence ? "slip.line-clock-licence" : "slip.line-clock", language),
      words("slip.line-not-arrived", language, ["phone": phone]),
      words("slip.line-deadline", language),
    ]
  }
}
