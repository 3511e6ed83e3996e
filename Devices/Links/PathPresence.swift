// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Dispatch
import Glibc
import Synchronization

/// Whether there is a device node at a path, told by the file system (inotify) instead of
/// found out by trying. For serial lines and other nodes that udev makes; the folders on
/// the way to it, `/dev/serial/by-id` for instance, may come and go as well, and so may
/// what a symbolic link leads to.
///
/// Takes a thread of its own, until it is forgotten.
public final class PathPresence: BusPresence {
  private let watch: PathWatch

  /// - Throws: `broken` when the system grants no more watches (EMFILE, ENOSPC).
  public init(path: String) throws(LinkFault) {
    watch = try PathWatch(path)
    DispatchQueue(label: "path presence").async { [watch] in watch.run() }
  }

  deinit { watch.stop() }

  public var isThere: Bool { watch.sight != nil }

  /// Yields too when another device took the place of the first, or its rights changed.
  public func changes() -> AsyncStream<Void> { watch.changes() }
}

/// What of a node makes a difference to who wants to open it.
private struct Sight: Equatable {
  var file: UInt64
  var device: UInt64
  var rights: UInt32
  var owner: UInt32
  var group: UInt32

  /// Nil where the path leads nowhere.
  init?(_ path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    file = UInt64(facts.st_ino)
    device = UInt64(facts.st_rdev)
    rights = facts.st_mode
    owner = facts.st_uid
    group = facts.st_gid
  }
}

private final class PathWatch: Sendable {
  private struct State {
    var sight: Sight?
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var named = 0
    var isOver = false
  }

  private let path: String
  private let descriptor: Int32
  private let wake: WakeLine
  private let state: Mutex<State>

  init(_ path: String) throws(LinkFault) {
    self.path = path
    wake = try WakeLine()
    descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard descriptor >= 0 else { throw LinkFault(errno: errno) }
    state = Mutex(State())
    watchFolders()
    let first = Sight(path)
    state.withLock { $0.sight = first }
  }

  deinit { Glibc.close(descriptor) }

  var sight: Sight? { state.withLock { $0.sight } }

  func stop() { wake.pull(last: true) }

  func changes() -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let name = state.withLock { state -> Int? in
        guard !state.isOver else { return nil }
        state.named += 1
        state.listeners[state.named] = continuation
        return state.named
      }
      guard let name else { return continuation.finish() }
      continuation.onTermination = { [weak self] _ in
        _ = self?.state.withLock { $0.listeners.removeValue(forKey: name) }
      }
    }
  }

  /// Until `stop()`.
  func run() {
    while !wake.isLast {
      var waits = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake.bell, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&waits, nfds_t(waits.count), -1)
      drain()
      watchFolders()
      look()
    }
    let listeners = state.withLock { state in
      state.isOver = true
      defer { state.listeners = [:] }
      return state.listeners
    }
    for listener in listeners.values { listener.finish() }
  }

  private func look() {
    let sight = Sight(path)
    let listeners = state.withLock { state -> [AsyncStream<Void>.Continuation] in
      guard sight != state.sight else { return [] }
      state.sight = sight
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.yield() }
  }

  /// The events themselves say nothing that looking does not say better.
  private func drain() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while Glibc.read(descriptor, &bytes, bytes.count) > 0 {}
  }

  /// Watches each folder in which the next step of the way may change. A folder that came
  /// while this looked is found by looking until nothing new is there.
  private func watchFolders() {
    let mask = [IN_CREATE, IN_DELETE, IN_MOVED_FROM, IN_MOVED_TO, IN_ATTRIB, IN_DELETE_SELF, IN_MOVE_SELF]
      .reduce(UInt32(IN_ONLYDIR)) { $0 | UInt32($1) }
    var watched: Set<String> = []
    while true {
      let folders = PathWay.folders(to: path).subtracting(watched)
      guard !folders.isEmpty else { return }
      for folder in folders { _ = inotify_add_watch(descriptor, folder, mask) }
      watched.formUnion(folders)
    }
  }
}

/// The folders that one passes on the way to a path.
private enum PathWay {
  /// As many symbolic links as the kernel follows (path_resolution(7)).
  private static let mostLinks = 40

  /// Those in which something must stay, or come, for the path to lead to a node: the folder
  /// of each symbolic link on the way, and the last folder that is there.
  static func folders(to path: String) -> Set<String> {
    var folders: Set<String> = []
    var here = "/"
    var steps = parts(path)
    var links = 0
    while let step = steps.first {
      steps.removeFirst()
      let next = here == "/" ? "/" + step : here + "/" + step
      var facts = stat()
      guard step != "..", lstat(next, &facts) == 0 else {
        if step != ".." { return folders.union([here]) }
        here = parent(here)
        continue
      }
      switch facts.st_mode & S_IFMT {
      case S_IFLNK:
        folders.insert(here)
        links += 1
        guard links <= mostLinks, let target = target(of: next) else { return folders }
        if target.hasPrefix("/") { here = "/" }
        steps = parts(target) + steps
      case S_IFDIR: here = next
      default: return folders.union([here])
      }
    }
    return folders.union([here])
  }

  private static func parts(_ path: String) -> [String] {
    path.split(separator: "/").filter { $0 != "." }.map { String($0) }
  }

  private static func parent(_ folder: String) -> String {
    let parts = parts(folder)
    return "/" + parts.dropLast().joined(separator: "/")
  }

  private static func target(of link: String) -> String? {
    var letters = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &letters, letters.count)
    guard count > 0 else { return nil }
    return String(decoding: letters.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
