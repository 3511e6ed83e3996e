// SPDX-License-Identifier: Apache-2.0

import Records

/// One thing `kioskctl doctor` looks at.
public struct DoctorLine: Hashable, Sendable, Codable {
  public var item: String
  /// `starting`, `ready`, `attention`, `absent`, `failed`.
  public var state: String
  /// Code of the problem, where there is one.
  public var problem: String?
  /// What happened and what to do, for staff.
  public var sentence: Words.Sentence?
  public var since: Timestamp?

  public init(
    item: String, state: String, problem: String? = nil, sentence: Words.Sentence? = nil,
    since: Timestamp? = nil
  ) {
    self.item = item
    self.state = state
    self.problem = problem
    self.sentence = sentence
    self.since = since
  }

  /// Nothing that keeps the terminal from its work.
  public var holds: Bool { state == "ready" || state == "attention" }
}
