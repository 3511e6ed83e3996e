// SPDX-License-Identifier: Apache-2.0

import Records

/// Why a device stopped serving.
public struct DeviceFault: Error, Hashable, Sendable {
  /// `absent` or `failed`, with the sentence that staff read.
  public var state: DeviceState
  /// Whether a reset of the device may mend it; opening it anew is tried in any case.
  public var resetMayHelp: Bool

  public init(_ state: DeviceState, resetMayHelp: Bool = false) {
    self.state = state
    self.resetMayHelp = resetMayHelp
  }
}

extension Problem {
  /// Serves, but stopped serving again and again within an hour.
  public static let deviceFailing = Problem(code: "device.failing", severity: .heed)

  /// All problems that any device may have.
  public static let ofDevices = [deviceFailing]
}

/// One life of a device, from its opening to its fault.
public struct DeviceLife: Sendable {
  /// How thoroughly it is to be started anew. The power was off and on already by then;
  /// a reset of the bus is the driver's, since it needs the open link.
  public let step: RestartStep
  let report: @Sendable (Problem?) -> Void

  /// The device answered as it should; to be said after each such answer.
  ///
  /// - Parameter problem: what somebody should look at, though it serves.
  public func serves(heeding problem: Problem? = nil) { report(problem) }
}
