// SPDX-License-Identifier: Apache-2.0

import Records

/// The centre's memory: who may send, what arrived, what became of it. Each write is one
/// durable transaction that ends before the call returns; what a call has answered is there
/// after any end of the process.
public protocol CaseStore: Sendable {
  // Enrolment

  /// Enrols a terminal under the digest of its one-time code and gives it numbers. The same
  /// code and key again give the same answer, so that a lost reply does no harm; nil when
  /// another key has spent the code. A new enrolment begins a new audit chain, and revokes
  /// every certificate that its terminal had.
  func enrol(_ enrolment: Enrolment) async throws(StoreFault) -> Enrolled?

  /// What an earlier `enrol` under this digest answered, and to which key.
  func enrolment(byCodeHash codeHash: String) async throws(StoreFault) -> Enrolled?

  /// Every enrolment of `terminal`, oldest first; empty when it is unknown. Envelopes sealed
  /// before a new enrolment still count.
  func enrolments(of terminal: String) async throws(StoreFault) -> [Enrolled]

  // Envelopes

  /// Keeps all of a batch at once, refused envelopes too, and says a word on each, in order.
  /// `judge` is asked inside the transaction, when the circumstances are true. An envelope
  /// that cannot be held as it is becomes `unreadable`; it never costs the others.
  ///
  /// The store itself never lets a withdrawal or correction take effect on an application
  /// whose claim code it does not know: whatever the judge says, it is refused
  /// (`Circumstances.First.objection`), at once or when the application arrives. So the order
  /// of arrival makes no difference to what is here in the end.
  ///
  /// Unsigned envelopes are kept within `UnsignedBound`; one beyond it still gets its word.
  /// - Parameter due: when what is refused now must have been looked after.
  func take(
    _ arrivals: [Arrival], at time: Timestamp, due: Timestamp,
    judge: @escaping @Sendable (Arrival, Circumstances) -> Decision
  ) async throws(StoreFault) -> [Verdict]

  // Cases

  /// The filing (application, withdrawal or correction) that a number stands for, as clerks
  /// see it: when nothing else is here, then also what somebody sent under a number that is
  /// not his. Of several refused ones the latest.
  func application(_ number: CaseNumber) async throws(StoreFault) -> CaseRecord?

  /// The filing that a number stands for, as the public sees it: only what came from the
  /// terminal to which the number was given.
  func publicApplication(_ number: CaseNumber) async throws(StoreFault) -> CaseRecord?

  /// What `application` tells of, as it was sealed.
  func envelope(_ number: CaseNumber) async throws(StoreFault) -> Envelope?

  /// Filings in order of arrival behind `cursor` (the `row` of the last one seen).
  func applications(after cursor: Int64, limit: Int) async throws(StoreFault) -> [CaseRecord]

  /// Compares the digest of a claim code, and counts the wrong ones, by number and by
  /// address. While either rests, a right code is not looked at.
  /// - Parameter address: of the asker; kept as a salted digest and only while it counts. Nil
  ///   for an asker whose address says nothing (a terminal asks for many persons).
  func claim(
    _ number: CaseNumber, hash: String, from address: String?, at time: Timestamp,
    limits: ClaimLimits
  ) async throws(StoreFault) -> ClaimOutcome

  /// From now on applications for `matter` are refused; what is stored stays.
  func withdraw(matter: String, at time: Timestamp) async throws(StoreFault)

  /// From kept counters, whatever the number of cases.
  func counts() async throws(StoreFault) -> CentreCounts

  // Debts

  /// A task for each refused envelope of any kind, in order of arrival behind `cursor` (the
  /// `row` of the last one seen).
  /// - Parameter open: true for those not settled, false for those settled, nil for all.
  func tasks(after cursor: Int64, limit: Int, open: Bool?) async throws(StoreFault) -> [RefusalTask]

  /// Says that a person has looked after a refused envelope. The first note stays; nil when
  /// `row` is no task. The envelope is kept, and so is what the public reads of it.
  /// - Parameter note: 1 to 2,000 bytes.
  func settleTask(
    _ row: Int64, note: String, at time: Timestamp
  ) async throws(StoreFault) -> RefusalTask?

  // Terminals

  /// Keeps where a terminal's audit chain ends. `.cut` for as many entries as held with
  /// another chain, or for fewer when the terminal still shows fewer a minute later; from
  /// then on always, until the terminal enrols anew. A single shorter head may have been
  /// held up on its way: a longer one behind it clears the doubt.
  func keepAudit(
    _ head: AuditHead, of terminal: String, at time: Timestamp
  ) async throws(StoreFault) -> AuditStanding

  /// All that were ever enrolled, by name.
  func terminals() async throws(StoreFault) -> [TerminalRecord]

  /// Notes that a terminal was heard. In memory; reaches the disk now and then with others'
  /// writes, and at a clean close.
  func seen(_ terminal: String, at time: Timestamp)

  // Certificates

  /// Keeps a certificate before it is handed out. The same one again does nothing.
  func certified(
    _ certificate: IssuedCertificate, at time: Timestamp
  ) async throws(StoreFault)

  /// The same, if `right` holds in the moment of writing; false, and nothing kept, when it
  /// does not (any more).
  func certified(
    _ certificate: IssuedCertificate, by right: CertificateRight, at time: Timestamp
  ) async throws(StoreFault) -> Bool

  /// - Parameter fingerprint: SHA-256 of the DER, hexadecimal.
  func certificate(fingerprint: String) async throws(StoreFault) -> IssuedCertificate?

  /// Revokes every certificate of `terminal` that is not revoked yet; how many those were.
  /// One that is issued later is good.
  func revoke(terminal: String, at time: Timestamp) async throws(StoreFault) -> Int

  // Events

  /// Keeps a command for a terminal. False when there is no such terminal, or when the id
  /// already names another command; the same again is true and does nothing.
  func order(
    _ command: Command, for terminal: String, at time: Timestamp
  ) async throws(StoreFault) -> Bool

  /// Says to every terminal that a catalogue can be had. Only a version above all former
  /// ones is news.
  func announce(catalogue version: Int, at time: Timestamp) async throws(StoreFault)

  /// What `terminal` should hear behind `row` (0, or one not reached yet: from the beginning),
  /// oldest first. Commands
  /// that were answered, or whose time is over at `time`, are left out, and every catalogue
  /// but the newest.
  func events(
    for terminal: String, after row: Int64, at time: Timestamp, limit: Int
  ) async throws(StoreFault) -> [StoredEvent]

  /// Keeps how a command ended and answers what is kept: the first word stays. Nil when
  /// `terminal` never got such a command.
  func finish(
    command id: String, of terminal: String, _ outcome: CommandOutcome, at time: Timestamp
  ) async throws(StoreFault) -> CommandOutcome?

  /// Every command ever given to `terminal`, oldest first.
  func commands(of terminal: String) async throws(StoreFault) -> [CommandRecord]

  /// Yields whenever `events` may have grown, and once at the start.
  func news() -> AsyncStream<Void>
}
