// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Glibc
import Testing

@testable import DeviceLinks

@Suite("Presence of a node at a path", .timeLimit(.minutes(3)))
struct PathPresenceTests {
  /// A folder of its own, gone with all that is in it.
  private struct Folder {
    let path: String

    init() throws {
      var template = Array("/tmp/nightdesk-presence-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { throw PseudoTerminal.Trouble(code: errno) }
      path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() {
      for name in ["by-id/x", "by-id", "serial/by-id/x", "serial/by-id", "serial", "tty", "other"] {
        unlink("\(path)/\(name)")
        rmdir("\(path)/\(name)")
      }
      rmdir(path)
    }

    func touch(_ name: String) { close(open("\(path)/\(name)", O_CREAT | O_CLOEXEC, 0o600)) }
  }

  /// Waits, with the bus's own word for it, until it is as wanted.
  private func wait(for there: Bool, of presence: PathPresence) async {
    let changes = presence.changes()
    if presence.isThere == there { return }
    for await _ in changes where presence.isThere == there { return }
  }

  @Test("comes and goes with the node, again and again")
  func comesAndGoes() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let presence = try PathPresence(path: folder.path + "/tty")
    #expect(!presence.isThere)
    for _ in 0..<20 {
      folder.touch("tty")
      await wait(for: true, of: presence)
      unlink(folder.path + "/tty")
      await wait(for: false, of: presence)
    }
  }

  @Test("is found though its folders come after the watching began, and come again")
  func foldersLater() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let presence = try PathPresence(path: folder.path + "/serial/by-id/x")
    for _ in 0..<5 {
      mkdir(folder.path + "/serial", 0o700)
      mkdir(folder.path + "/serial/by-id", 0o700)
      folder.touch("serial/by-id/x")
      await wait(for: true, of: presence)
      unlink(folder.path + "/serial/by-id/x")
      rmdir(folder.path + "/serial/by-id")
      rmdir(folder.path + "/serial")
      await wait(for: false, of: presence)
    }
  }

  @Test("follows a symbolic link, whose node may come and go on its own")
  func link() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    mkdir(folder.path + "/by-id", 0o700)
    #expect(symlink("../tty", folder.path + "/by-id/x") == 0)
    let presence = try PathPresence(path: folder.path + "/by-id/x")
    #expect(!presence.isThere)
    folder.touch("tty")
    await wait(for: true, of: presence)
    unlink(folder.path + "/tty")
    await wait(for: false, of: presence)
    // The same name leads elsewhere.
    unlink(folder.path + "/by-id/x")
    folder.touch("other")
    #expect(symlink(folder.path + "/other", folder.path + "/by-id/x") == 0)
    await wait(for: true, of: presence)
  }

  @Test("says so when the rights change, which udev does after making the node")
  func rights() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    folder.touch("tty")
    let presence = try PathPresence(path: folder.path + "/tty")
    var changes = presence.changes().makeAsyncIterator()
    chmod(folder.path + "/tty", 0o660)
    #expect(await changes.next(isolation: nil) != nil)
    #expect(presence.isThere)
  }

  @Test("a way that turns in circles leads nowhere")
  func circle() throws {
    let folder = try Folder()
    defer { folder.remove() }
    #expect(symlink("tty", folder.path + "/tty") == 0)
    let presence = try PathPresence(path: folder.path + "/tty")
    #expect(!presence.isThere)
  }

  @Test("ends its listeners and its watching when it is forgotten")
  func forgotten() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    var presence: PathPresence? = try PathPresence(path: folder.path + "/tty")
    let changes = presence?.changes()
    presence = nil
    for await _ in try #require(changes) {}
  }
}
