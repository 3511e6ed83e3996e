// SPDX-License-Identifier: Apache-2.0

import CUSB
import Glibc

extension LinkFault {
  /// What a failed call of libusb says of the device.
  init(libusb code: Int32) {
    self =
      switch code {
      // The kernel says I/O error of a device that is on its way out; NOT_FOUND is one
      // that came back from a reset as another.
      case LIBUSB_ERROR_NO_DEVICE.rawValue, LIBUSB_ERROR_NOT_FOUND.rawValue, LIBUSB_ERROR_IO.rawValue: .gone
      case LIBUSB_ERROR_ACCESS.rawValue: .denied
      case LIBUSB_ERROR_BUSY.rawValue: .busy
      case LIBUSB_ERROR_TIMEOUT.rawValue: .late
      case LIBUSB_ERROR_PIPE.rawValue: .stalled
      case LIBUSB_ERROR_OVERFLOW.rawValue: .babble
      case LIBUSB_ERROR_NO_MEM.rawValue: .broken(ENOMEM)
      case LIBUSB_ERROR_NOT_SUPPORTED.rawValue: .broken(ENOTSUP)
      case LIBUSB_ERROR_INVALID_PARAM.rawValue: .broken(EINVAL)
      default: .broken(EPROTO)
      }
  }
}
