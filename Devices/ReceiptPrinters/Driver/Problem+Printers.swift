// SPDX-License-Identifier: Apache-2.0

import Records

extension Problem {
  public static let printerOutOfPaper = Problem(code: "printer.outOfPaper", severity: .wrong)
  public static let printerPaperLow = Problem(code: "printer.paperLow", severity: .heed)
  public static let printerCoverOpen = Problem(code: "printer.coverOpen", severity: .wrong)
  public static let printerCutter = Problem(code: "printer.cutter", severity: .wrong)
  public static let printerOverheated = Problem(code: "printer.overheated", severity: .wrong)
  public static let printerOffline = Problem(code: "printer.offline", severity: .wrong)
  public static let printerSilent = Problem(code: "printer.silent", severity: .wrong)
  public static let printerSpooler = Problem(code: "printer.spooler", severity: .wrong)

  /// Nil for a cancel, which is nobody's trouble.
  static func printer(_ trouble: SlipTrouble) -> Problem? {
    switch trouble {
    case .outOfPaper: printerOutOfPaper
    case .coverOpen: printerCoverOpen
    case .cutter: printerCutter
    case .overheated: printerOverheated
    case .offline: printerOffline
    case .silent: printerSilent
    case .spooler: printerSpooler
    case .cancelled: nil
    }
  }
}
