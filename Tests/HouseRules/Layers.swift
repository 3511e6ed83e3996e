// SPDX-License-Identifier: Apache-2.0

/// Who may import what. Imports go to lower layers only.
enum Layers {
  static let of: [String: Int] = [
    "CCUPS": 0, "CPango": 0, "CUSB": 0, "CUMockdev": 0, "CKernelClock": 0,
    "Records": 0,
    "Matters": 1, "DeviceKit": 1, "StrictJSON": 1, "DurableSQLite": 1,
    "Storage": 2, "Wire": 2, "Certificates": 2, "DeviceLinks": 2, "Paper": 2, "Tickets": 2,
    "Upkeep": 2, "LoopbackPages": 2,
    "CardReaders": 3, "CodeScanners": 3, "QueueDisplays": 3, "ReceiptPrinters": 3,
    "Simulators": 3, "Visits": 3, "Delivery": 3, "CentralStore": 3,
    "Screens": 4, "Control": 4, "Central": 4,
    "kioskd": 5, "kioskctl": 5, "centrald": 5, "nightdesk-escpos": 5, "nightdesk-sim": 5,
    "nightdesk-clock": 5, "nightdesk-bench": 5,
  ]

  static let executables: Set<String> = [
    "kioskd", "kioskctl", "centrald", "nightdesk-escpos", "nightdesk-sim", "nightdesk-clock",
    "nightdesk-bench",
  ]

  static let deviceModules: [String: String] = [
    "Devices/Kit": "DeviceKit", "Devices/Links": "DeviceLinks",
    "Devices/CardReaders/Driver": "CardReaders", "Devices/CodeScanners/Driver": "CodeScanners",
    "Devices/QueueDisplays/Driver": "QueueDisplays",
    "Devices/ReceiptPrinters/Driver": "ReceiptPrinters", "Devices/Simulators": "Simulators",
  ]

  /// Free for all: the language's own, without clock, locale or file system.
  static let open: Set<String> = ["Synchronization", "Dispatch", "Glibc"]

  /// Walls: what is named here is imported there and nowhere else.
  static let walls: [String: Set<String>] = [
    // The bench sets its rivals beside ours in plain SQLite.
    "GRDB": ["DurableSQLite", "Storage", "CentralStore", "nightdesk-bench"],
    "GRDBSQLite": ["DurableSQLite", "nightdesk-bench"],
    "CCUPS": ["ReceiptPrinters"],
    "CPango": ["ReceiptPrinters"],
    "CUSB": ["DeviceLinks"],
    "CKernelClock": ["kioskd"],
    // Storage and CentralStore by way of GRDB, whose blobs are its Data.
    "Foundation": executables.union(["Storage", "CentralStore"]),
    "FoundationEssentials": executables.union([
      "Wire", "Screens", "Control", "Central", "Storage", "CentralStore", "Delivery", "Certificates",
    ]),
    "Crypto": executables.union(["Wire", "Storage", "CentralStore", "Central", "Certificates"]),
    "X509": ["Certificates"],
    "SwiftASN1": ["Certificates"],
    "NIOSSL": executables.union(["Delivery", "Central"]),
    "NIOHTTPCompression": ["Central"],
    "NIOConcurrencyHelpers": ["Central"],
    "NIOPosix": ["Central"],
    // The bench puts faults between TLS and the centre.
    "HummingbirdCore": ["Central", "nightdesk-bench"],
    "Hummingbird": executables.union(["LoopbackPages", "Screens", "Control", "Central"]),
    "HTTPTypes": executables.union(["LoopbackPages", "Screens", "Control", "Central"]),
    "NIOCore": executables.union(["LoopbackPages", "Screens", "Control", "Central", "Delivery"]),
    "NIOHTTP1": executables.union(["Delivery", "Central"]),
    "AsyncHTTPClient": executables.union(["Delivery"]),
    "Logging": executables.union(["Screens", "Control", "Central"]),
    "ServiceLifecycle": executables.union(["Screens", "Control", "Central"]),
    "UnixSignals": executables,
    "ArgumentParser": executables,
  ]

  /// Why `module` may not import `other`; nil when it may.
  static func objection(to other: String, in module: String) -> String? {
    if open.contains(other) { return nil }
    if let wall = walls[other], !wall.contains(module) {
      return "\(other) stays in \(wall.sorted().joined(separator: ", "))"
    }
    guard let layer = of[other] else {
      return walls[other] == nil ? "\(other) is in no table of this test" : nil
    }
    guard let own = of[module] else { return "\(module) is in no layer" }
    return layer < own ? nil : "\(module) (layer \(own)) imports \(other) (layer \(layer))"
  }

  static let rules: [HouseRule] = [
    HouseRule(
      name: "imports go to lower layers and stay behind the walls",
      bad: SourceFile(path: "Sources/Paper/A.swift", text: "import Records\nimport Visits\n"),
      breaches: breaches),
    HouseRule(
      name: "Foundation stays out of the pure modules",
      bad: SourceFile(path: "Devices/Kit/A.swift", text: "import Foundation\n"),
      breaches: breaches),
    HouseRule(
      name: "only three modules see the database",
      bad: SourceFile(path: "Sources/Visits/A.swift", text: "internal import struct GRDB.Row\n"),
      breaches: breaches),
  ]

  private static let breaches: @Sendable (SourceFile) -> [Breach] = { file in
    let code = String(decoding: file.swift.code, as: UTF8.self)
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      imported(String(line)).flatMap { objection(to: $0, in: file.module) }
        .map { file.breach(index + 1, $0) }
    }
  }

  /// `@preconcurrency internal import struct A.B` → `A`.
  static func imported(_ line: String) -> String? {
    let words = line.split(separator: " ").map { String($0) }.drop { word in
      word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
    }
    guard words.first == "import" else { return nil }
    let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    let name = words.dropFirst().first { !kinds.contains($0) }
    return name?.split(separator: ".").first.map { String($0) }
  }
}
