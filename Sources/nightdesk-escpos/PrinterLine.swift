// SPDX-License-Identifier: Apache-2.0

/// The way to the printer and back, as long as one job lasts. Times are milliseconds.
protocol PrinterLine {
  /// Since some moment before the job.
  var elapsed: Int { get }
  /// cupsd wants the job ended.
  var isCancelled: Bool { get }
  /// The other end is gone for good.
  var isClosed: Bool { get }
  /// False when not all could be sent. After a cancel it goes on for a short while only,
  /// so that a command that was begun is ended.
  mutating func send(_ bytes: [UInt8], within patience: Int) -> Bool
  /// Nil when nothing came in time, and at once when closed, or cancelled for the first
  /// time since the last call.
  mutating func receive(within patience: Int) -> UInt8?
}
