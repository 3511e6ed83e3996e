// SPDX-License-Identifier: Apache-2.0

import Control
import DeviceKit
import ReceiptPrinters
import Records
import Storage
import Upkeep

/// What those see and may do who look after the terminal.
struct Caretaking: Sendable {
  let outfit: Outfit
  let devices: [any PlacedDevice]
  let board: Board
  let words: Words
  let settings: Settings
  let door: LedgerDoor
  let clock: SystemClock

  func lines() -> [DeviceLine] {
    devices.sorted { Self.isBefore($0.place, $1.place) }.map { line(of: $0) }
  }

  /// Nil when there is no such place.
  func restart(_ place: String) -> DeviceLine? {
    guard let device = devices.first(where: { $0.place == place }) else { return nil }
    device.restart()
    return line(of: device)
  }

  func view() async -> StaffView {
    let places = Set(outfit.places.byName.keys)
    let parts = board.entries.filter { !places.contains($0.key) }
      .sorted { (Self.rank(part: $0.key), $0.key) < (Self.rank(part: $1.key), $1.key) }
      .map { item, entry in line(of: item, name: "staff.part.\(item)", model: nil, entry) }
    // A ledger that cannot be read speaks for itself on the board.
    return StaffView(
      at: clock.now().at, site: settings.site.name, terminal: settings.site.terminal, devices: lines(),
      parts: parts, counts: try? await door.ledger().counts(), paper: paper)
  }

  /// In the order in which people look after them.
  private static let parts = [
    Board.centre, Board.outbox, Board.ledger, Board.clock, Board.systemClock, Board.certificate,
    Board.catalogue, Board.settings, Board.shelves, Board.audit,
  ]

  /// What the page itself says.
  var pageWords: [String: Words.Sentence] { words.sentences.filter { $0.key.hasPrefix("staff.") } }

  private var paper: String? {
    let state = outfit.places.of(.receiptPrinter).keys.first.flatMap { board.entries[$0]?.state }
    return switch state {
    case .ready: "enough"
    case .attention(.printerPaperLow): "low"
    case .failed(.printerOutOfPaper): "out"
    default: nil
    }
  }

  private func line(of device: any PlacedDevice) -> DeviceLine {
    let kind = device.place.prefix { $0 != "." }
    return line(
      of: device.place, name: "staff.place.\(kind)", model: device.model, board.entries[device.place])
  }

  private func line(of item: String, name: String, model: String?, _ entry: Board.Entry?) -> DeviceLine {
    let problem = entry?.state.problem
    return DeviceLine(
      place: item, name: sentence(name), model: model, state: entry?.state.word, since: entry?.since,
      problem: problem?.code, sentence: problem.map { sentence($0.staffKey, entry?.places ?? [:]) })
  }

  private func sentence(_ key: String, _ places: [String: String] = [:]) -> Words.Sentence {
    Words.Sentence(zh: words(key, .zh, places), en: words(key, .en, places))
  }

  /// Readers first: without them nobody is served by card.
  private static func isBefore(_ left: String, _ right: String) -> Bool {
    (rank(left), left) < (rank(right), right)
  }

  private static func rank(part item: String) -> Int { parts.firstIndex(of: item) ?? .max }

  private static func rank(_ place: String) -> Int {
    PlaceKind(place: place).flatMap { PlaceKind.allCases.firstIndex(of: $0) } ?? .max
  }
}
