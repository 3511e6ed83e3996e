// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A cupsd of our own, laid out and started as on a terminal; as root it runs as nobody.
final class PrivateCups {
  static let daemon = "/usr/sbin/cupsd"
  static var isInstalled: Bool {
    [daemon, "/usr/lib/cups/backend/socket"].allSatisfy {
      FileManager.default.fileExists(atPath: $0)
    }
  }

  /// Short: the socket's path may have 107 bytes.
  private let base: String
  private var process = Process()
  var folder: String { "\(base)/cups" }
  var socket: String { "\(folder)/run/cups.sock" }
  var paper: String { "\(folder)/paper" }

  init() throws {
    var template = Array("/tmp/nightdesk.XXXXXX".utf8CString)
    base = try #require(mkdtemp(&template).map { String(cString: $0) })
    if getuid() == 0 { chown(base, 65_534, 65_534) }
    let prepare = Places.root.appending(path: "Kiosk/Units/cups/prepare").path
    let filter = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "nightdesk-escpos").path
    let layout = try Self.start([prepare, folder, filter])
    layout.waitUntilExit()
    try start()
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(atPath: base)
  }

  func start() throws {
    process = try Self.start([
      Self.daemon, "-f", "-c", "\(folder)/etc/cupsd.conf", "-s", "\(folder)/etc/cups-files.conf",
    ])
  }

  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  /// Every file below the spool and the log.
  func keptFiles() -> [String] {
    ["spool", "log", "cache", "tmp"].flatMap { name in
      (FileManager.default.enumerator(atPath: "\(folder)/\(name)")?.allObjects ?? [])
        .compactMap { $0 as? String }.map { "\(name)/\($0)" }
    }
  }

  private static func start(_ command: [String]) throws -> Process {
    let process = Process()
    let asNobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    let whole = getuid() == 0 ? asNobody + command : command
    process.executableURL = URL(filePath: whole[0])
    process.arguments = Array(whole.dropFirst())
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }
}
