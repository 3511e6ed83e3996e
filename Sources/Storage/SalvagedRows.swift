// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Records

/// What was found on the pages of a broken ledger, told apart by its shape alone: of this
/// form and of those before. Of rows that come more than once the newest counts; a row
/// that was ever sent is sent, since the centre's word is not taken back.
struct SalvagedRows {
  struct Found {
    var row: Int64
    var place: RawFile.Place
    var isSound: Bool
  }
  struct Standing {
    var state: OutboxRow.State
    var reason: String?
    var correctable: Bool?
    var settledAt: Int64?
  }
  struct Slip: Hashable {
    var row: Int64
    var job: String
  }
  struct Sequence: Hashable {
    var allotment: Allotment
    var day: Day
  }
  struct Tally {
    var last: Int
    var filed: Int?
    var pruned = 0
    var skipped = 0
  }
  struct Entry {
    var at: Int64
    var text: String
    var chain: [UInt8]
  }

  /// What is wrong with an envelope; nil when nothing is.
  let seal: (Envelope) -> String?
  private(set) var envelopes: [EnvelopeID: Found] = [:]
  private(set) var standings: [Int64: Standing] = [:]
  private(set) var slips: [Slip: (outcome: String?, trouble: String?)] = [:]
  private(set) var sequences: [Sequence: Tally] = [:]
  private(set) var audit: [Int64: Entry] = [:]
  private(set) var commands: [String: [RawValue]] = [:]
  private(set) var allotments: Set<Allotment> = []

  init(seal: @escaping (Envelope) -> String?) { self.seal = seal }

  mutating func take(_ record: RawRecord, at place: RawFile.Place) {
    if let row = record.row {
      if let envelope = Envelope(record) { return take(envelope, row, place) }
      if let standing = Standing(record.values) { return take(standing, row) }
      if let entry = Entry(record.values) { audit[row] = entry }
      takeUntold(record.values, row)
      takeAllotment(record.values)
    } else {
      takeSlip(record.values)
      takeSequence(record.values)
      takeCommand(record.values)
    }
  }

  private mutating func take(_ envelope: Envelope, _ row: Int64, _ place: RawFile.Place) {
    let isSound = seal(envelope) == nil
    // A sound one never gives way to one that is not.
    if envelopes[envelope.id]?.isSound == true, !isSound { return }
    envelopes[envelope.id] = Found(row: row, place: place, isSound: isSound)
  }

  private mutating func take(_ standing: Standing, _ row: Int64) {
    if standings[row]?.state != .sent { standings[row] = standing }
  }

  private mutating func takeUntold(_ values: [RawValue], _ row: Int64) {
    guard values.count == 2, values[0] == .null, let job = values[1].string, SlipJob(job) != nil else {
      return
    }
    let slip = Slip(row: row, job: job)
    if slips[slip] == nil { slips[slip] = (nil, nil) }
  }

  private mutating func takeAllotment(_ values: [RawValue]) {
    guard values.count == 3, values[0] == .null else { return }
    for text in [values[1].string, values[2].string] {
      if let allotment = text.flatMap(Allotment.init) { allotments.insert(allotment) }
    }
  }

  private mutating func takeSlip(_ values: [RawValue]) {
    guard values.count == 4 else { return }
    let key = values[0].int.flatMap { row in values[1].string.map { Slip(row: row, job: $0) } }
    let former = values[1].int.flatMap { row in values[0].string.map { Slip(row: row, job: $0) } }
    guard let slip = key ?? former, SlipJob(slip.job) != nil else { return }
    if values[2] != .null || slips[slip] == nil { slips[slip] = (values[2].string, values[3].string) }
  }

  private mutating func takeSequence(_ values: [RawValue]) {
    guard values.count == 3 || values.count == 6, let last = values[2].int, (1...99_999).contains(last),
      let allotment = values[0].string.flatMap(Allotment.init),
      let day = values[1].string.flatMap({ Day(digits: $0) })
    else { return }
    let key = Sequence(allotment: allotment, day: day)
    guard last >= sequences[key]?.last ?? 0 else { return }
    var tally = Tally(last: Int(last))
    if values.count == 6 {
      let counts = values[3...].map { $0.int.map { Int($0) } ?? 0 }
      (tally.filed, tally.pruned, tally.skipped) = (counts[0], counts[1], counts[2])
    }
    sequences[key] = tally
  }

  private mutating func takeCommand(_ values: [RawValue]) {
    guard values.count == 7, let id = values[0].string, id.utf8.count == 32, values[1].string != nil,
      values[2].int != nil, values[3].int != nil
    else { return }
    if values[4] != .null || commands[id] == nil { commands[id] = values }
  }
}

extension RawValue {
  var int: Int64? { if case .integer(let value) = self { value } else { nil } }
  var bytes: [UInt8]? { if case .blob(let value) = self { value } else { nil } }
  /// Nil for what is no text in UTF-8.
  var string: String? {
    if case .text(let value) = self { String(validating: value, as: UTF8.self) } else { nil }
  }
}

extension Envelope {
  /// Nil when `record` is none.
  init?(_ record: RawRecord) {
    var values = record.values
    // The quality of the time came with the third form.
    if values.count == 11 { values.remove(at: 6) }
    guard values.count == 10, values[0] == .null, let id = values[1].bytes.flatMap(EnvelopeID.init(bytes:)),
      let number = values[2].string.flatMap({ CaseNumber($0) }),
      let kind = values[3].string.flatMap(EnvelopeKind.init(rawValue:)),
      let follows = values[4].bytes, follows.count % 16 == 0, values[5].int != nil,
      let header = values[6].bytes, let routing = values[7].bytes, let content = values[8].bytes,
      let signature = values[9].bytes, signature.count == 64
    else { return nil }
    let after = stride(from: 0, to: follows.count, by: 16)
      .compactMap { EnvelopeID(bytes: Array(follows[$0..<$0 + 16])) }
    self.init(
      id: id, number: number, kind: kind, after: after, header: header, routing: routing,
      content: content, signature: signature)
  }
}

extension QualifiedTime {
  /// When the envelope in `record` was kept.
  init(keptBy record: RawRecord) {
    let quality = record.values.count == 11 ? record.values[6].string : nil
    self.init(
      at: Timestamp(milliseconds: record.values[5].int ?? 0),
      quality: quality.flatMap(TimeQuality.init(rawValue:)) ?? .unknown)
  }
}

extension SalvagedRows.Standing {
  init?(_ values: [RawValue]) {
    if values == [.null] {
      // What waits; in the third form also what was untold, which waits again then, harmlessly.
      self.init(state: .waiting)
      return
    }
    guard values.count == 4 || values.count == 5, values[0] == .null,
      let state = values[1].string.flatMap(OutboxRow.State.init(rawValue:))
    else { return nil }
    self.init(
      state: state, reason: values[2].string,
      correctable: values.count == 5 ? values[3].int.map { $0 == 1 } : nil,
      settledAt: values[values.count - 1].int)
    guard (state == .refused) == (reason != nil), (state == .waiting) == (settledAt == nil) else {
      return nil
    }
  }
}

extension SalvagedRows.Entry {
  init?(_ values: [RawValue]) {
    guard values.count == 4, values[0] == .null, let at = values[1].int, let text = values[2].string,
      let chain = values[3].bytes, chain.count == 32
    else { return nil }
    self.init(at: at, text: text, chain: chain)
  }
}
