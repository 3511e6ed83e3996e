// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let server = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let serverCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let client = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let http1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let embedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let ssl = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let posix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let locks = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let compression = Target.Dependency.product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

/// One room of the house: `path` is `Sources/<name>` unless it is device code.
func room(
  _ name: String, _ needs: [Target.Dependency] = [], at path: String? = nil, without: [String] = []
) -> Target {
  .target(
    name: name, dependencies: needs, path: path ?? "Sources/\(name)", exclude: without,
    swiftSettings: strict)
}

func command(_ name: String, _ needs: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: needs, path: "Sources/\(name)", swiftSettings: strict)
}

func tests(_ name: String, _ needs: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: needs, path: "Tests/\(name)", swiftSettings: strict)
}

let package = Package(
  name: "nightdesk",
  dependencies: [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // C libraries
    .systemLibrary(name: "CCUPS", path: "Devices/Libraries/CCUPS"),
    .systemLibrary(name: "CPango", path: "Devices/Libraries/CPango", pkgConfig: "pangocairo"),
    .systemLibrary(name: "CUSB", path: "Devices/Libraries/CUSB", pkgConfig: "libusb-1.0"),
    .systemLibrary(
      name: "CUMockdev", path: "Devices/Libraries/CUMockdev", pkgConfig: "umockdev-1.0"),
    .systemLibrary(name: "CKernelClock", path: "Sources/CKernelClock"),
    // layer 0
    room("Records"),
    // layer 1
    room("StrictJSON"),
    room("Matters", ["Records"]),
    room("DeviceKit", ["Records"], at: "Devices/Kit"),
    room("DurableSQLite", ["Records", grdb, sqlite]),
    // layer 2
    room("Storage", ["Records", "Matters", "StrictJSON", "DurableSQLite", grdb, crypto]),
    room("Wire", ["Records", "StrictJSON", crypto]),
    room("Certificates", ["Records", crypto, x509, asn1]),
    room("DeviceLinks", ["DeviceKit", "Records", "CUSB"], at: "Devices/Links"),
    room("Paper", ["Records", "DeviceKit"]),
    room("Upkeep", ["Records", "DeviceKit", "StrictJSON"]),
    room("LoopbackPages", [server, httpTypes, nio]),
    // layer 3
    room("CardReaders", ["Records", "DeviceKit", "DeviceLinks"], at: "Devices/CardReaders/Driver"),
    room(
      "ReceiptPrinters", ["Records", "DeviceKit", "CCUPS", "CPango"],
      at: "Devices/ReceiptPrinters/Driver"),
    room("CodeScanners", ["Records", "DeviceKit", "DeviceLinks"], at: "Devices/CodeScanners/Driver"),
    room("Simulators", ["DeviceKit"], at: "Devices/Simulators", without: ["USB"]),
    room("Visits", ["Records", "Matters", "DeviceKit", "Paper", "Upkeep"]),
    room("Delivery", ["Records", "Matters", "StrictJSON", "Wire", "Certificates", client, nio, http1, ssl]),
    room("CentralStore", ["Records", "Wire", "DurableSQLite", grdb]),
    // layer 4
    room(
      "Screens",
      ["Records", "StrictJSON", "LoopbackPages", "Visits", server, httpTypes, nio, logging, lifecycle]),
    room(
      "Control",
      ["Records", "StrictJSON", "LoopbackPages", "Upkeep", server, httpTypes, nio, logging, lifecycle]),
    room(
      "Central",
      [
        "Records", "StrictJSON", "Wire", "Certificates", "CentralStore", server, serverCore, httpTypes, nio, posix,
        http1, ssl, locks, compression, lifecycle, logging,
      ]),
    // layer 5
    command(
      "kioskd",
      [
        "Records", "StrictJSON", "Matters", "DeviceKit", "DurableSQLite", "Storage", "Wire",
        "Certificates", "DeviceLinks", "Paper", "Upkeep", "CardReaders", "CodeScanners", "ReceiptPrinters",
        "Visits", "Delivery", "LoopbackPages", "Screens", "Control", "CKernelClock", crypto, client, nio, http1,
        ssl, arguments, logging, lifecycle, signals,
      ]),
    command(
      "kioskctl",
      [
        "Records", "StrictJSON", "Matters", "DurableSQLite", "Storage", "Upkeep", "Wire", "Certificates",
        "Control", "Paper", "CardReaders", "ReceiptPrinters", client, nio, http1, ssl, arguments,
      ]),
    command(
      "centrald",
      [
        "Records", "StrictJSON", "Matters", "Wire", "Certificates", "DurableSQLite", "Storage", "CentralStore",
        "Central", client, nio, http1, ssl, arguments, logging, lifecycle, signals,
      ]),
    command("nightdesk-clock", ["Records", "StrictJSON", "Wire"]),
    command(
      "nightdesk-bench",
      [
        "Records", "StrictJSON", "Matters", "DurableSQLite", "Storage", "Wire", "Certificates", "Delivery",
        "CentralStore", "Central", "DeviceKit", "DeviceLinks", "CardReaders", "Simulators", grdb, sqlite, crypto,
        client, server, serverCore, nio, http1, ssl, arguments, logging, lifecycle,
      ]),
    command("nightdesk-escpos", []),
    command("nightdesk-sim", ["Simulators", server, arguments, logging]),
    // In C: its library is GLib's, and it must not carry a runtime of its own into the mock.
    .executableTarget(
      name: "nightdesk-usb-sim", dependencies: ["CUMockdev"], path: "Devices/Simulators/USB"),
    tests("Records", ["Records"]),
    tests("StrictJSON", ["StrictJSON"]),
    tests("Matters", ["Matters", "Records", "StrictJSON"]),
    tests("DeviceLinks", ["DeviceLinks", "DeviceKit", "Simulators"]),
    tests("DeviceKit", ["DeviceKit", "Records"]),
    tests("DeviceContracts", ["CardReaders", "DeviceKit", "DeviceLinks", "Records", "Simulators"]),
    tests(
      "CodeScanners",
      ["CodeScanners", "DeviceKit", "DeviceLinks", "Records", "Simulators", "StrictJSON", "Wire"]),
    tests("CardReaders", ["CardReaders", "DeviceKit", "DeviceLinks", "Records", "Simulators", "StrictJSON"]),
    tests("Simulators", ["Simulators"]),
    tests("Wire", ["Wire", "Records", "StrictJSON", crypto]),
    tests("Certificates", ["Certificates", "Records", x509, asn1, crypto]),
    tests("CentralStore", ["CentralStore", "DurableSQLite", "Wire", "Records"]),
    tests(
      "Central",
      [
        "Central", "CentralStore", "Certificates", "Wire", "Records", client, nio, http1, ssl, lifecycle,
        logging,
      ]),
    tests("HouseRules", ["StrictJSON"]),
    tests("ReceiptPrinters", ["ReceiptPrinters", "DeviceKit", "Records", "nightdesk-escpos"]),
    tests("LoopbackPages", ["LoopbackPages", server, httpTypes, nio, embedded, logging]),
    tests("Screens", ["Screens", "Visits"]),
    tests("Control", ["Control", "LoopbackPages", "Records", server, httpTypes, nio, embedded, logging]),
    tests("DurableSQLite", ["DurableSQLite", "Records", grdb]),
    tests("Storage", ["Storage", "DurableSQLite", "Records", "Matters", "StrictJSON", grdb]),
    tests(
      "Delivery",
      [
        "Delivery", "Certificates", "Matters", "Records", "StrictJSON", "Wire", server, client, nio, posix, ssl,
        logging, lifecycle,
      ]),
    tests(
      "Upkeep",
      ["Upkeep", "Records", "DeviceKit", "StrictJSON", "CardReaders", "CodeScanners", "ReceiptPrinters"]),
    tests(
      "Visits",
      [
        "Visits", "CodeScanners", "Records", "DeviceKit", "Matters", "Paper", "Simulators", "StrictJSON",
        "Upkeep", "Wire",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
