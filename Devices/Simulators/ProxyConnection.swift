// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One connection through the proxy: two sockets and what is on its way between them.
/// Belongs to the proxy's thread.
final class ProxyConnection {
  /// Beyond this, a side that does not read stops the other.
  private static let enough = 262_144
  private static let batchLine = Array("POST /v1/batches".utf8)

  let terminal: Descriptor
  let centre: Descriptor
  private(set) var isOver = false
  /// Set when this connection carries the request whose answer is to be lost.
  private(set) var losing: AnswerMeter?

  private var toCentre: [UInt8] = []
  private var toTerminal: [UInt8] = []
  private var centreEnded = false
  private var terminalEnded = false
  /// The first bytes of the request under way; nil once they are known.
  private var requestLine: [UInt8]? = []

  init(terminal: Descriptor, centre: Descriptor) {
    self.terminal = terminal
    self.centre = centre
  }

  var terminalWants: Int32 {
    (toCentre.count < Self.enough && !terminalEnded ? POLLIN : 0)
      | (toTerminal.isEmpty ? 0 : POLLOUT)
  }

  var centreWants: Int32 {
    (toTerminal.count < Self.enough && !centreEnded ? POLLIN : 0)
      | (toCentre.isEmpty ? 0 : POLLOUT)
  }

  /// Closes both sides with a reset.
  func cut() {
    LoopbackSocket.resetOnClose(terminal)
    LoopbackSocket.resetOnClose(centre)
    isOver = true
  }

  /// Moves what can be moved. `loses`: whether the next batch's answer is to be lost.
  /// Returns true when an answer has just been lost.
  func move(loses: Bool) -> Bool {
    readTerminal(loses: loses)
    flush(&toCentre, to: centre)
    let lost = readCentre()
    flush(&toTerminal, to: terminal)
    if lost { cut() }
    if terminalEnded, toCentre.isEmpty { shutdown(centre.number, Int32(SHUT_WR)) }
    if centreEnded, toTerminal.isEmpty { isOver = true }
    return lost
  }

  private func readTerminal(loses: Bool) {
    guard toCentre.count < Self.enough, !terminalEnded else { return }
    switch terminal.take(65_536) {
    case .nothingYet: break
    case .ended: terminalEnded = true
    case .bytes(let bytes):
      note(bytes, loses: loses)
      toCentre += bytes
    }
  }

  /// The terminal does not send a second request before it has the first one's answer;
  /// so the first bytes after an answer are a request's first line.
  private func note(_ bytes: [UInt8], loses: Bool) {
    guard var line = requestLine else { return }
    line += bytes.prefix(Self.batchLine.count - line.count)
    requestLine = line.count < Self.batchLine.count ? line : nil
    if loses, line == Self.batchLine { losing = AnswerMeter() }
  }

  private func readCentre() -> Bool {
    guard toTerminal.count < Self.enough, !centreEnded else { return false }
    switch centre.take(65_536) {
    case .nothingYet: return false
    case .ended:
      centreEnded = true
      losing?.serverClosed()
    case .bytes(let bytes):
      requestLine = []
      if losing == nil { toTerminal += bytes } else { losing?.take(bytes) }
    }
    return losing?.isComplete ?? false
  }

  private func flush(_ bytes: inout [UInt8], to socket: Descriptor) {
    guard !bytes.isEmpty else { return }
    guard let count = socket.give(bytes[...]) else {
      isOver = true
      return
    }
    bytes.removeFirst(count)
  }
}
