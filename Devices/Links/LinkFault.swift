// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a link to a device did not do what was asked.
public enum LinkFault: Error, Hashable, Sendable {
  /// There is no such device, it went away, or the link was closed.
  case gone
  /// The device may not be opened by this user.
  case denied
  /// Another program holds the device.
  case busy
  /// No byte came in time.
  case late
  /// The device took no byte in time, or refused to go on (a USB endpoint that halted; it
  /// was set going again).
  case stalled
  /// The device sent more than the link can hold; what it sent is not to be trusted.
  case babble
  /// Anything else, with the system's error number (`errno`).
  case broken(Int32)

  /// What a failed system call says of the device.
  init(errno code: Int32) {
    self =
      switch code {
      case ENOENT, ENXIO, ENODEV, EIO, EBADF, ENOTDIR: .gone
      case EACCES, EPERM: .denied
      case EBUSY, EWOULDBLOCK: .busy
      default: .broken(code)
      }
  }
}
