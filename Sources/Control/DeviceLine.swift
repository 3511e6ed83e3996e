// SPDX-License-Identifier: Apache-2.0

import Records

/// One place of the terminal as those see it who look after it.
public struct DeviceLine: Hashable, Sendable, Codable {
  /// What commands call it: `reader`, `reader.low`.
  public var place: String
  /// What people call it.
  public var name: Words.Sentence
  /// The model that serves there, or did so last; nil before one of those allowed was seen.
  public var model: String?
  /// `starting`, `ready`, `attention`, `absent`, `failed`; nil before the device was heard of.
  public var state: String?
  /// When the state began.
  public var since: Timestamp?
  /// Code of the problem, where there is one.
  public var problem: String?
  /// What happened and what to do, for staff.
  public var sentence: Words.Sentence?

  public init(
    place: String, name: Words.Sentence, model: String?, state: String?, since: Timestamp?,
    problem: String? = nil, sentence: Words.Sentence? = nil
  ) {
    self.place = place
    self.name = name
    self.model = model
    self.state = state
    self.since = since
    self.problem = problem
    self.sentence = sentence
  }

  /// It serves, perhaps with something to look at.
  public var holds: Bool { state == "ready" || state == "attention" }
}
