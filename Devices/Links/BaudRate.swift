// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The speed of a serial line, in bits a second.
public enum BaudRate: Int, Hashable, Sendable, Codable {
  case baud9600 = 9600
  case baud19200 = 19200
  case baud38400 = 38400
  case baud57600 = 57600
  case baud115200 = 115200

  var speed: speed_t {
    switch self {
    case .baud9600: speed_t(B9600)
    case .baud19200: speed_t(B19200)
    case .baud38400: speed_t(B38400)
    case .baud57600: speed_t(B57600)
    case .baud115200: speed_t(B115200)
    }
  }
}
