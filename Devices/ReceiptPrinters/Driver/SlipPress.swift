// SPDX-License-Identifier: Apache-2.0

import Records

/// Makes documents of slips, one at a time, outside the cooperative pool: setting a slip
/// is some milliseconds of work, the first one reads the fonts.
actor SlipPress {
  private let thread = OwnThread("slip press")
  private let layout: SlipLayout

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  init(_ paper: PrinterModel.Paper) { layout = SlipLayout(paper: paper) }

  func document(of slip: Slip, _ job: SlipJob) -> SlipDocument {
    SlipDocument(job: job, bitmap: layout.bitmap(of: slip))
  }

  /// Reads the fonts, so that the first resident does not wait for them.
  func warm() {
    _ = layout.bitmap(of: Slip(blocks: [.claim(caption: "码", code: "0"), .boxed("。")]))
  }
}
