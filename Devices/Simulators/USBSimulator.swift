// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Steers `nightdesk-usb-sim`, the USB bus that this process runs on, over its control
/// socket. Each order is done when its reply is there, though the bus tells of it a little
/// later.
public final class USBSimulator: Sendable {
  /// How the simulated reader spreads frames over its endpoints.
  public enum Framing: String, Hashable, Sendable, CaseIterable {
    /// 02, 06 out; 81, 85 in.
    case four
    /// 03 out, 84 in.
    case two
    /// 01 out, 81 in, both interrupt endpoints.
    case interrupt
  }

  /// What goes wrong once or several times, in the order of asking.
  public enum Fault: String, Hashable, Sendable, CaseIterable {
    /// The answer lacks its last 3 bytes.
    case short
    /// No answer.
    case silence
    /// The endpoint stalls in place of the answer, of its body with four pipes.
    case stall
    /// A line error in its place.
    case line
    /// The kernel says that it shut the endpoint down.
    case shutdown
    /// The kernel says that the device is gone, though it stays.
    case gone
    /// More bytes than there was room for.
    case babble
    /// A packet of no bytes before the answer.
    case empty
    /// The first packet of the answer has 5 bytes.
    case split
    /// Noise before the answer.
    case garbage
    /// The device is unplugged in place of answering.
    case remove
    /// The endpoint stalls at a request.
    case outStall = "outstall"
    /// The device takes no request.
    case outSilence = "outsilence"
    /// The kernel refuses a transfer.
    case submit
    /// Another program holds the interface.
    case busy
    /// The device does not come back from a reset.
    case resetGone = "resetgone"
  }

  private let line: Descriptor
  /// One order at a time.
  private let turn = Mutex(())

  /// - Parameter path: what the simulator was given as `--control`, and gives its command as
  ///   `NIGHTDESK_USB_CONTROL`.
  public init(control path: String) throws(SimulatorFault) {
    guard let line = Descriptor(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
    else { throw .outOfDescriptors }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(line.number, $0, length) }
    }
    guard connected == 0 else { throw .noTerminal(path: path) }
    self.line = line
  }

  /// Plugs a reader in at `port`, with what answers at the tty behind it.
  @discardableResult
  public func add(_ port: String, _ framing: Framing, tty: String) -> String {
    order("add \(port) \(framing.rawValue) \(tty)")
  }

  /// Plugs in again what was at `port` before.
  @discardableResult
  public func add(_ port: String) -> String { order("add \(port)") }

  @discardableResult
  public func remove(_ port: String) -> String { order("remove \(port)") }

  /// - Parameter request: command and parameter of the only request whose answer it hits.
  @discardableResult
  public func fail(
    _ port: String, _ fault: Fault, times: Int = 1, at request: ReaderCommand? = nil
  ) -> String {
    let place = request.map { " \(String($0.rawValue, radix: 16))" } ?? ""
    return order("fault \(port) \(fault.rawValue) \(times)\(place)")
  }

  /// Sends one line of the simulator's own and gives its reply; nothing when it is gone.
  @discardableResult
  public func order(_ words: String) -> String {
    turn.withLock { _ in
      line.giveAll(Array((words + "\n").utf8), patience: -1)
      var reply: [UInt8] = []
      while reply.last != UInt8(ascii: "\n"), case .bytes(let more) = line.take(512) { reply += more }
      return String(decoding: reply.dropLast(), as: UTF8.self)
    }
  }

  /// One of the numbers in the reply to `stats`: `opened`, `claims`, `cleared`, `resets`,
  /// `pending` (transfers under way) and others.
  public func count(_ port: String, of name: String) -> Int? {
    let words = order("stats \(port)").split(separator: " ")
    return words.firstIndex { $0 == name }.flatMap { place in
      words.indices.contains(place + 1) ? Int(words[place + 1]) : nil
    }
  }
}
