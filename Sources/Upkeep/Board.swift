// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Synchronization

/// What stands how in the terminal: a snapshot that screens, `doctor` and logs read.
public final class Board: HealthBoard, Sendable {
  public struct Entry: Hashable, Sendable {
    public var state: DeviceState
    /// When this state began.
    public var since: Timestamp
    /// What the problem's sentence for staff leaves open: name → text.
    public var places: [String: String] = [:]
  }

  private struct Snapshot {
    /// What each item says of itself, and what else was noticed about it.
    var said: [String: Entry] = [:]
    var remarks: [String: Entry] = [:]
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var nextListener = 0

    func tell() { listeners.values.forEach { $0.yield() } }
  }

  private let snapshot = Mutex(Snapshot())
  private let clock: any WallTime

  public init(clock: any WallTime) { self.clock = clock }

  public func report(_ device: String, _ state: DeviceState) { report(device, state, places: [:]) }

  /// - Parameter places: fills the `{name}` places of the problem's sentence for staff.
  public func report(_ device: String, _ state: DeviceState, places: [String: String]) {
    let now = clock.now().at
    snapshot.withLock { snapshot in
      let entry = snapshot.said[device]
      guard entry?.state != state || entry?.places != places else { return }
      snapshot.said[device] = Entry(state: state, since: now, places: places)
      snapshot.tell()
    }
  }

  /// Notes something about a device that the device itself cannot say: it works, but somebody
  /// should look. Stands until it is taken back with nil, behind any problem of the device's own.
  public func remark(_ device: String, _ problem: Problem?, places: [String: String] = [:]) {
    let now = clock.now().at
    snapshot.withLock { snapshot in
      guard snapshot.remarks[device]?.state.problem != problem else { return }
      snapshot.remarks[device] = problem.map { Entry(state: .attention($0), since: now, places: places) }
      snapshot.tell()
    }
  }

  public var entries: [String: Entry] {
    snapshot.withLock { snapshot in
      snapshot.said.merging(snapshot.remarks) { said, remark in said.state.problem == nil ? remark : said }
    }
  }

  /// How `device` stands. Where a terminal has several of a kind (`reader`, `reader.low`), the
  /// kind's name asks for the best of them: one that works is enough.
  public func state(of device: String) -> DeviceState? {
    entries.filter { $0.key == device || $0.key.hasPrefix(device + ".") }
      .min { ($0.value.state.rank, $0.key) < ($1.value.state.rank, $1.key) }?.value.state
  }

  /// Yields after each change; a slow listener sees the newest picture, not each step.
  public func changes() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let key = snapshot.withLock { snapshot in
      snapshot.nextListener += 1
      snapshot.listeners[snapshot.nextListener] = continuation
      return snapshot.nextListener
    }
    continuation.onTermination = { [weak self] _ in
      self?.snapshot.withLock { _ = $0.listeners.removeValue(forKey: key) }
    }
    return stream
  }
}

extension DeviceState {
  /// 0 is best.
  fileprivate var rank: Int {
    switch self {
    case .ready: 0
    case .attention: 1
    case .starting: 2
    case .absent, .failed: 3
    }
  }
}

/// Parts of the terminal that are no devices but stand on the same board.
extension Board {
  public static let centre = "centre"
  public static let ledger = "ledger"
  public static let catalogue = "catalogue"
  public static let settings = "settings"
  /// Where settings and catalogue are kept over a restart.
  public static let shelves = "shelves"
  public static let reader = "reader"
  public static let receiptPrinter = "receiptPrinter"
  public static let scanner = "scanner"
  public static let clock = "clock"
  /// The kernel's clock beside the time this terminal goes by.
  public static let systemClock = "systemClock"
  /// The terminal's certificate, by which the centre knows it.
  public static let certificate = "certificate"
  /// What waits, or could not be delivered.
  public static let outbox = "outbox"
  /// Whether the centre finds the list of acts whole.
  public static let audit = "audit"
}

extension Problem {
  /// A card lies on the reader and nobody took it.
  public static let cardLeft = Problem(code: "reader.card-left", severity: .heed)
  /// A visit ended without a sign that its card was taken, and nobody can see whether it was.
  public static let cardMayLie = Problem(code: "reader.card-may-lie", severity: .heed)
  /// The centre cannot be reached.
  public static let centreUnreachable = Problem(code: "centre.unreachable", severity: .heed)
  /// The centre answers, but does not know this terminal.
  public static let centreUnknownTerminal = Problem(code: "centre.unknown-terminal", severity: .wrong)
  /// The centre, or something before it, asks to come again later.
  public static let centreBusy = Problem(code: "centre.busy", severity: .heed)
  /// The centre answers something else than verdicts.
  public static let centreNotUnderstood = Problem(code: "centre.not-understood", severity: .heed)
  /// Who answers at the centre's address is not the centre.
  public static let centreNotTrusted = Problem(code: "centre.not-trusted", severity: .wrong)
  /// The terminal's certificate should have been renewed by now.
  public static let certificateExpiring = Problem(code: "certificate.expiring", severity: .heed)
  public static let certificateExpired = Problem(code: "certificate.expired", severity: .wrong)
  /// The centre holds more entries of the list of acts than this terminal does.
  public static let auditCut = Problem(code: "audit.cut", severity: .heed)
  /// The centre keeps some envelopes without having been able to take them.
  public static let outboxRefused = Problem(code: "outbox.refused", severity: .heed)
  /// The clock shows a day that has certainly passed.
  public static let clockUnknown = Problem(code: "clock.unknown", severity: .heed)
  /// The clock may be right, but nobody vouches for it.
  public static let clockUnvouched = Problem(code: "clock.unvouched", severity: .heed)
  /// Signed time is known, but nobody set the kernel's clock by it, and TLS goes by that.
  public static let clockNotSet = Problem(code: "clock.not-set", severity: .wrong)
  /// The disk is full or read-only.
  public static let ledgerFull = Problem(code: "ledger.full", severity: .wrong)
  /// Written by a newer program than this one; nothing was touched.
  public static let ledgerNewer = Problem(code: "ledger.newer", severity: .wrong)
  public static let ledgerBroken = Problem(code: "ledger.broken", severity: .wrong)
  /// The new catalogue has a fault; the old one stays.
  public static let catalogueRefused = Problem(code: "catalogue.refused", severity: .heed)
  /// Every allotment of numbers belongs to an earlier ledger.
  public static let ledgerNoNumbers = Problem(code: "ledger.no-numbers", severity: .wrong)
  /// The settings that were pushed are not obeyed; those in force stay.
  public static let settingsRefused = Problem(code: "settings.refused", severity: .heed)
  /// Settings and catalogue are in force but not kept over a restart.
  public static let shelvesUnusable = Problem(code: "shelves.unusable", severity: .heed)
}
