// SPDX-License-Identifier: Apache-2.0

/// Why a simulator could not be set up.
public enum SimulatorFault: Error, Hashable, Sendable {
  /// No pseudo-terminal could be opened, or its link could not be made.
  case noTerminal(path: String)
  /// Another process listens on the port already.
  case portTaken(UInt16)
  case cannotWrite(path: String)
  case outOfDescriptors
}
