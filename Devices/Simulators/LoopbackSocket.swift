// SPDX-License-Identifier: Apache-2.0

import Glibc

/// TCP on 127.0.0.1. Nothing here ever listens on another address.
public enum LoopbackSocket {
  /// Listens on `port`, or on a free one when it is 0.
  static func listen(_ port: UInt16) throws(SimulatorFault) -> (Descriptor, UInt16) {
    guard let listener = stream() else { throw .outOfDescriptors }
    set(listener, SOL_SOCKET, SO_REUSEADDR)
    // A caller may be gone again between poll and accept.
    _ = fcntl(listener.number, F_SETFL, O_NONBLOCK)
    var address = address(port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener.number, $0, length) }
    }
    guard bound == 0, Glibc.listen(listener.number, 64) == 0 else { throw .portTaken(port) }
    return (listener, port == 0 ? localPort(listener) : port)
  }

  /// Nil when nobody listens there. On the loopback the answer comes at once.
  static func connect(_ port: UInt16) -> Descriptor? {
    guard let socket = stream() else { return nil }
    var address = address(port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket.number, $0, length)
      }
    }
    guard connected == 0 else { return nil }
    makeQuick(socket)
    return socket
  }

  /// True when somebody listens on `port`.
  public static func answers(on port: UInt16) -> Bool {
    connect(port) != nil
  }

  static func accept(_ listener: Descriptor) -> Descriptor? {
    guard let socket = Descriptor(Glibc.accept(listener.number, nil, nil)) else { return nil }
    _ = fcntl(socket.number, F_SETFD, FD_CLOEXEC)
    makeQuick(socket)
    return socket
  }

  /// The next close sends a reset, and what is on its way is lost.
  static func resetOnClose(_ socket: Descriptor) {
    var choice = linger(l_onoff: 1, l_linger: 0)
    let size = socklen_t(MemoryLayout<linger>.size)
    setsockopt(socket.number, SOL_SOCKET, SO_LINGER, &choice, size)
  }

  private static func stream() -> Descriptor? {
    Descriptor(socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
  }

  /// Small answers must not wait for the other side's delayed acknowledgement.
  private static func makeQuick(_ socket: Descriptor) {
    set(socket, Int32(IPPROTO_TCP), TCP_NODELAY)
    _ = fcntl(socket.number, F_SETFL, O_NONBLOCK)
  }

  private static func set(_ socket: Descriptor, _ level: Int32, _ option: Int32) {
    var yes: Int32 = 1
    setsockopt(socket.number, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func localPort(_ socket: Descriptor) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(socket.number, $0, &length)
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }
}
