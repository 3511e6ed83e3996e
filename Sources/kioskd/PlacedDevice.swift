// SPDX-License-Identifier: Apache-2.0

import DeviceKit

/// A device with the model that serves at its place.
protocol PlacedDevice: SupervisedDevice {
  /// The one that served last while none is there; nil before any was seen.
  var model: String? { get }
}
