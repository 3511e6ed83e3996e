// SPDX-License-Identifier: Apache-2.0

import Records

/// Where a device stands, pushed by whoever supervises it.
public enum DeviceState: Hashable, Sendable {
  case starting
  case ready
  /// Works, but somebody should look.
  case attention(Problem)
  case absent(Problem)
  case failed(Problem)

  public var problem: Problem? {
    switch self {
    case .starting, .ready: nil
    case .attention(let problem), .absent(let problem), .failed(let problem): problem
    }
  }
}

/// Hears of every change of a device's state.
public protocol HealthBoard: Sendable {
  func report(_ device: String, _ state: DeviceState)
}

/// What happens on a card reader.
public enum CardEvent: Hashable, Sendable {
  /// A card was put on and read. `lying`: it lay there when the reader was opened, so
  /// nobody put it on just now.
  case presented(Resident, lying: Bool)
  /// A card is there but could not be read; it must be taken off and put on again.
  case unreadable
  case removed
}

/// Reads resident identity cards. Reconnects by itself; never ends by a device's fault.
public protocol CardReader: Sendable {
  /// False with firmware that cannot see whether a card it read still lies there: then
  /// `removed` comes late or never, and nobody may conclude anything from its absence.
  var tellsRemoval: Bool { get }
  /// Runs the reader until the task is cancelled, handing over each event in order.
  func run(_ handle: @Sendable (CardEvent) async -> Void) async
}

extension CardReader {
  public var tellsRemoval: Bool { true }
}

/// Prints slips, each at most once.
public protocol ReceiptPrinter: Sendable {
  /// Prints `slip` under the name `job`; returns when the printer has answered after the
  /// cut, or at `deadline`. Never throws: what went wrong is the outcome. When the task
  /// is cancelled the job is cancelled and the printer's memory cleared.
  func print(_ slip: Slip, job: SlipJob, within deadline: Duration) async -> SlipOutcome
  /// Asks the printer how it is and tells the health board; prints nothing. `job` is a
  /// name of its own. Between visits only.
  @discardableResult func check(job: SlipJob, within deadline: Duration) async -> SlipOutcome
  /// Cancels whatever a former life of this process left in the print system. The first
  /// act after a start; repairs queue and PPD.
  func clear() async
}

/// Whether a device is there, told by its bus instead of found out by trying.
public protocol BusPresence: Sendable {
  var isThere: Bool { get }
  /// Yields after each change; a slow listener sees the newest picture, not each step.
  func changes() -> AsyncStream<Void>
}

/// One device as those may touch it who look after the terminal.
public protocol SupervisedDevice: Sendable {
  /// Its place in the terminal and its name on the health board, `reader` for instance.
  var place: String { get }
  /// Starts the device anew, from whatever state; each order soon after another goes one
  /// step further (see `RestartStep`). Returns when the order is taken, not when it is done.
  func restart()
}

/// The ladder of a restart.
public enum RestartStep: Int, Hashable, Sendable, CaseIterable, Comparable {
  /// Its link is closed and opened anew.
  case reopen
  /// The bus resets it: its firmware starts anew.
  case busReset
  /// Its port loses power for a moment.
  case powerCycle

  public static func < (left: RestartStep, right: RestartStep) -> Bool { left.rawValue < right.rawValue }
}

/// A code held before the scanner.
public struct ScannedCode: Hashable, Sendable {
  /// As the scanner gave them, without what it puts before and behind.
  public var bytes: [UInt8]
  public var at: Timestamp

  public init(bytes: [UInt8], at: Timestamp) {
    self.bytes = bytes
    self.at = at
  }
}

/// What happens before a code scanner.
public enum CodeEvent: Hashable, Sendable {
  case shown(ScannedCode)
  /// Something was held there that is damaged, or no whole code.
  case unreadable
}

/// Reads codes from paper and from telephones. Reconnects by itself; never ends by a
/// device's fault.
public protocol CodeScanner: Sendable {
  /// Runs the scanner until the task is cancelled, handing over each event in order.
  func run(_ handle: @Sendable (CodeEvent) async -> Void) async
}

/// Several code scanners of one terminal as one, or none at all.
public struct JoinedCodeScanners: CodeScanner {
  private let scanners: [any CodeScanner]

  public init(_ scanners: [any CodeScanner]) { self.scanners = scanners }

  public func run(_ handle: @Sendable (CodeEvent) async -> Void) async {
    let (events, feed) = AsyncStream.makeStream(of: CodeEvent.self)
    await withTaskGroup(of: Void.self) { group in
      for scanner in scanners { group.addTask { await scanner.run { feed.yield($0) } } }
      for await event in events { await handle(event) }
      group.cancelAll()
    }
  }
}
