// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Simulators

/// One end of a line, with waits that have an end.
struct Peer {
  let line: Descriptor

  static func connected(to port: UInt16) throws -> Peer {
    Peer(line: try #require(LoopbackSocket.connect(port)))
  }

  func send(_ bytes: [UInt8]) {
    line.giveAll(bytes, patience: 5000)
  }

  func send(_ text: String) {
    send(Array(text.utf8))
  }

  /// Exactly `count` bytes, or fewer when they do not come or the line closes.
  func receive(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard Readiness.wait([(line, POLLIN)], milliseconds: 5000)[0] != 0,
        case .bytes(let more) = line.take(count - bytes.count)
      else { break }
      bytes += more
    }
    return bytes
  }

  func receiveText(_ count: Int) -> String {
    String(decoding: receive(count), as: UTF8.self)
  }

  /// Whether anything is there to be read now, the other side's closing included.
  var hasNews: Bool { Readiness.wait([(line, POLLIN)], milliseconds: 0)[0] != 0 }

  /// True when the other side has closed or reset.
  func isClosed() -> Bool {
    guard Readiness.wait([(line, POLLIN)], milliseconds: 5000)[0] != 0,
      case .ended = line.take(1)
    else { return false }
    return true
  }
}

/// Asks again until it holds, at most five seconds.
func eventually(_ holds: () -> Bool) -> Bool {
  for _ in 0..<1000 {
    if holds() { return true }
    poll(nil, 0, 5)
  }
  return holds()
}

/// A folder that is removed at the end.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/simulators-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } }
    path = String(cString: try #require(made))
  }

  deinit {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        unlink("\(path)/\(name)")
      }
      closedir(folder)
    }
    rmdir(path)
  }
}
