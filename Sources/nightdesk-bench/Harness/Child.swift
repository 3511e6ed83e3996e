// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Another process of a measurement, spoken with in lines.
final class Child: Sendable {
  let process: Int32
  private let input: Int32
  private let output: Int32
  private let ended: Mutex<Int32?> = Mutex(nil)

  /// What it says to standard error goes where ours goes.
  static func start(_ program: String, _ arguments: [String]) throws -> Child {
    var down: [Int32] = [0, 0]
    var up: [Int32] = [0, 0]
    guard pipe(&down) == 0, pipe(&up) == 0 else { throw BenchFault("no pipe") }
    for end in down + up { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, down[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, up[1], STDOUT_FILENO)
    let words = ([program] + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    var process: pid_t = 0
    let answer = posix_spawnp(&process, program, &actions, nil, words + [nil], environ)
    close(down[0])
    close(up[1])
    guard answer == 0 else { throw BenchFault("\(program) does not start: \(answer)") }
    return Child(process: process, input: down[1], output: up[0])
  }

  private init(process: Int32, input: Int32, output: Int32) {
    self.process = process
    self.input = input
    self.output = output
  }

  deinit {
    close(input)
    close(output)
    if ended.withLock({ $0 }) == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
  }

  /// The next line it says; throws when it says no more.
  func line() async throws -> String {
    let output = output
    return try await OwnThread.run {
      var bytes: [UInt8] = []
      var byte: UInt8 = 0
      while read(output, &byte, 1) == 1 {
        if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(byte)
      }
      throw BenchFault("a part of the measurement ended early")
    }
  }

  func say(_ words: String) {
    let bytes = Array((words + "\n").utf8)
    _ = write(input, bytes, bytes.count)
  }

  func end(with signal: Int32 = SIGKILL) { kill(process, signal) }

  /// Waits for its end; its exit status, or 128 and the signal.
  @discardableResult
  func gone() async throws -> Int32 {
    let process = process
    let status = try await OwnThread.run {
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0 {
        guard errno == EINTR else { throw BenchFault("a part of the measurement is lost") }
      }
      return status
    }
    ended.withLock { $0 = status }
    return status & 0x7F == 0 ? status >> 8 : 128 + status & 0x7F
  }
}
