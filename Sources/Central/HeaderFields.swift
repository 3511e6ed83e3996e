// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

extension HTTPFields {
  /// Values of a field that HTTPTypes has no name for, in order.
  /// - Parameter name: in small letters.
  func values(named name: String) -> [String] {
    filter { $0.name.canonicalName == name }.map(\.value)
  }
}
