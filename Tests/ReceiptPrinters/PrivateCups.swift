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
  private var process: pid_t?
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
    Self.end(try Self.start([prepare, folder, filter]))
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
    guard let running = process else { return }
    kill(running, SIGTERM)
    Self.end(running)
    process = nil
  }

  /// Every file below the spool and the log.
  func keptFiles() -> [String] {
    ["spool", "log", "cache", "tmp"].flatMap { name in
      (FileManager.default.enumerator(atPath: "\(folder)/\(name)")?.allObjects ?? [])
        .compactMap { $0 as? String }.map { "\(name)/\($0)" }
    }
  }

  private static func end(_ process: pid_t) {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  /// Not Foundation's Process: that hands on the signal mask of the calling thread, and
  /// Dispatch's threads block SIGTERM.
  private static func start(_ command: [String]) throws -> pid_t {
    let asNobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    let whole = getuid() == 0 ? asNobody + command : command
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    for file in Int32(0)...2 {
      posix_spawn_file_actions_addopen(&files, file, "/dev/null", O_RDWR, 0)
    }
    defer {
      posix_spawn_file_actions_destroy(&files)
      posix_spawnattr_destroy(&attributes)
    }
    var arguments = whole.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var process: pid_t = 0
    try #require(posix_spawn(&process, whole[0], &files, &attributes, &arguments, environ) == 0)
    return process
  }
}
