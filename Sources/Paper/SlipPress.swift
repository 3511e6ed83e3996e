// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records

/// A slip's life within one visit: printed once, waited for, and its end written down.
/// The only caller of `print` in the house.
public struct SlipPress: Sendable {
  private let printer: any ReceiptPrinter
  private let journal: any SlipJournal
  /// How long a resident waits for her slip before the number is shown instead.
  private let patience: Duration

  public init(printer: any ReceiptPrinter, journal: any SlipJournal, patience: Duration) {
    self.printer = printer
    self.journal = journal
    self.patience = patience
  }

  /// Prints the slip of a filing whose journal row, named `job`, is on disk.
  public func press(_ slip: Slip, job: SlipJob) async -> SlipOutcome {
    let outcome = await printer.print(slip, job: job, within: patience)
    // A row without an end is read as "unknown", which is never more than is true.
    try? await journal.settle(job, outcome)
    return outcome
  }

  /// Asks the printer how it is, between visits.
  public func check(job: SlipJob) async { await printer.check(job: job, within: patience) }
}
