// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import ReceiptPrinters

/// Where the tree is, and a model to test with.
enum Places {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let model = PrinterModel(
    id: "escpos-80", driver: "escpos", name: "test",
    paper: PrinterModel.Paper(dots: 576, margin: 16),
    patience: PrinterModel.Patience(firstAnswer: 8_000, answer: 1_000, printing: 20_000),
    window: 32_768)
}
