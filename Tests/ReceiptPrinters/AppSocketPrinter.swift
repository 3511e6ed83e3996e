// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

/// The printer in memory behind a TCP port of the loopback, as AppSocket printers are.
final class AppSocketPrinter: Sendable {
  let port: UInt16
  /// What the printer does, in order.
  let events: AsyncStream<PrinterModelInMemory.Event>
  private let news: AsyncStream<PrinterModelInMemory.Event>.Continuation
  private let listener: Int32
  private let printer = Mutex(PrinterModelInMemory())

  init() throws {
    (events, news) = AsyncStream.makeStream()
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(bound)
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread { self.serve() }.start()
  }

  var uri: String { "socket://127.0.0.1:\(port)/?waiteof=false&contimeout=5" }
  var papers: [[UInt8]] { printer.withLock { $0.papers } }
  var paper: [UInt8] { printer.withLock { $0.paper } }

  func change(_ change: (inout PrinterModelInMemory) -> Void) {
    printer.withLock { change(&$0) }
  }

  func close() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// Returns when `event` has happened.
  func wait(for event: PrinterModelInMemory.Event) async {
    for await next in events where next == event { return }
  }

  private func serve() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      Thread { self.talk(connection) }.start()
    }
    Glibc.close(listener)
  }

  private func talk(_ connection: Int32) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(connection, &buffer, buffer.count)
      guard count > 0 else { break }
      let (answers, happened) = printer.withLock { $0.receive(Array(buffer.prefix(count))) }
      _ = send(connection, answers, answers.count, Int32(MSG_NOSIGNAL))
      happened.forEach { news.yield($0) }
    }
    Glibc.close(connection)
  }
}
