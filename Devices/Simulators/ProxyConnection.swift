// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One connection through the proxy: two sockets and what is on its way between them.
/// Belongs to the proxy's thread.
final class ProxyConnection {
  /// What the network lets pass now. What it does not is kept and goes on later, as TCP would
  /// send it again.
  struct Passage {
    var requests: Bool
    var answers: Bool
  }

  private enum Loss { case none, awaitsAnswer, heardAnswer }

  /// Beyond this, a side that does not read stops the other.
  private static let enough = 262_144

  /// Nil once its answer was lost: the centre's side is then read to its end, so that the
  /// centre notices nothing.
  private(set) var terminal: Descriptor?
  let centre: Descriptor
  private(set) var isOver = false

  private var passage = Passage(requests: true, answers: true)
  private var toCentre: [UInt8] = []
  private var toTerminal: [UInt8] = []
  private var centreEnded = false
  private var terminalEnded = false
  private var spotter = RequestSpotter()
  private var loss = Loss.none

  init(terminal: Descriptor, centre: Descriptor) {
    self.terminal = terminal
    self.centre = centre
  }

  /// Whether this connection carries the request whose answer is to be lost.
  var isLosing: Bool { terminal != nil && loss != .none }
  /// Whether the answer to be lost has begun: it has ended when nobody says more.
  var awaitsSilence: Bool { terminal != nil && loss == .heardAnswer }

  var terminalWants: Int32 {
    (toCentre.count < Self.enough && !terminalEnded ? POLLIN : 0)
      | (toTerminal.isEmpty || !passage.answers ? 0 : POLLOUT)
  }

  var centreWants: Int32 {
    (toTerminal.count < Self.enough && !centreEnded ? POLLIN : 0)
      | (toCentre.isEmpty || !passage.requests ? 0 : POLLOUT)
  }

  /// Closes both sides with a reset.
  func cut() {
    if let terminal { LoopbackSocket.resetOnClose(terminal) }
    LoopbackSocket.resetOnClose(centre)
    isOver = true
  }

  /// The answer is lost: the terminal's side is reset.
  func lose() {
    if let terminal { LoopbackSocket.resetOnClose(terminal) }
    terminal = nil
    terminalEnded = true
    toTerminal = []
  }

  /// Moves what may be moved. `loses`: whether the next batch's answer is to be lost.
  func move(_ passage: Passage, loses: Bool) {
    self.passage = passage
    readTerminal(loses: loses)
    if passage.requests { flush(&toCentre, to: centre) }
    readCentre()
    if passage.answers, let terminal { flush(&toTerminal, to: terminal) }
    passOnEnds()
  }

  private func passOnEnds() {
    if terminalEnded, terminal != nil, toCentre.isEmpty, passage.requests {
      shutdown(centre.number, Int32(SHUT_WR))
    }
    let nobodyReads = terminalEnded && toCentre.isEmpty
    if centreEnded, nobodyReads || (toTerminal.isEmpty && passage.answers) { isOver = true }
  }

  private func readTerminal(loses: Bool) {
    guard let terminal, toCentre.count < Self.enough, !terminalEnded else { return }
    switch terminal.take(65_536) {
    case .nothingYet: break
    case .ended: terminalEnded = true
    case .bytes(let bytes):
      if spotter.take(bytes), loses, loss == .none { loss = .awaitsAnswer }
      toCentre += bytes
    }
  }

  private func readCentre() {
    guard toTerminal.count < Self.enough, !centreEnded else { return }
    switch centre.take(65_536) {
    case .nothingYet: break
    case .ended:
      centreEnded = true
      if loss == .awaitsAnswer { loss = .heardAnswer }
    case .bytes(let bytes):
      if loss == .none { toTerminal += bytes } else { loss = .heardAnswer }
    }
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
