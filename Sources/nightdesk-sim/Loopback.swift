// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A port of this machine, given as `127.0.0.1:PORT`, with or without `http://`. Nothing
/// else is taken: the simulators never leave the machine.
struct Loopback: ExpressibleByArgument, Sendable {
  let port: UInt16

  init?(argument: String) {
    let plain = argument.hasPrefix("http://") ? argument.dropFirst(7) : argument[...]
    let parts = plain.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, ["127.0.0.1", "localhost"].contains(parts[0]),
      let port = UInt16(parts[1]), port > 0
    else { return nil }
    self.port = port
  }

  /// Both names of the loopback, since the resident's screen changes between them.
  var origins: [String] { ["http://127.0.0.1:\(port)", "http://localhost:\(port)"] }
}
