// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import ReceiptPrinters

/// How far the black of a bitmap reaches: first column, and the one after the last.
struct Ink {
  var left: Int
  var right: Int

  init(_ bitmap: SlipBitmap) {
    var columns = [UInt8](repeating: 0, count: bitmap.bytesPerRow)
    for (index, byte) in bitmap.rows.enumerated() { columns[index % bitmap.bytesPerRow] |= byte }
    let black = (0..<bitmap.width).filter { columns[$0 / 8] & (0x80 >> UInt8($0 & 7)) != 0 }
    left = black.first ?? bitmap.width
    right = (black.last ?? -1) + 1
  }
}

/// The reader of QR codes that judges ours.
enum Zbar {
  static let path = "/usr/bin/zbarimg"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// What the codes of a bitmap say, sorted.
  static func read(_ bitmap: SlipBitmap) throws -> [String] {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "nightdesk-\(UUID().uuidString).pbm")
    defer { try? FileManager.default.removeItem(at: file) }
    try (Data("P4\n\(bitmap.width) \(bitmap.height)\n".utf8) + Data(bitmap.rows)).write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = ["--quiet", "--raw", file.path]
    process.environment = ["LC_ALL": "C.UTF-8"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
  }
}
