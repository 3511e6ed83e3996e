// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Records

extension Problem {
  /// Not plugged in, or its path leads nowhere.
  public static let scannerGone = Problem(code: "scanner.gone", severity: .heed)
  /// The system does not let this user open it.
  public static let scannerDenied = Problem(code: "scanner.denied", severity: .heed)
  /// Another program holds it.
  public static let scannerBusy = Problem(code: "scanner.busy", severity: .heed)
  /// What it sends is no code.
  public static let scannerGarbled = Problem(code: "scanner.garbled", severity: .heed)
  /// It sends without end and was cut off.
  public static let scannerFlood = Problem(code: "scanner.flood", severity: .heed)
  /// What the start-up file names is no scanner of this model.
  public static let scannerUnusable = Problem(code: "scanner.unusable", severity: .heed)

  /// All problems of code scanners.
  public static let ofScanners = [
    scannerGone, scannerDenied, scannerBusy, scannerGarbled, scannerFlood, scannerUnusable,
  ]
}

/// Why a scanner cannot serve for the moment.
enum ScannerFault: Error, Hashable, Sendable {
  case gone, denied, busy, flood, unusable

  init(_ fault: LinkFault) {
    self =
      switch fault {
      case .gone, .late, .stalled: .gone
      case .denied: .denied
      case .busy: .busy
      case .babble: .flood
      case .broken: .unusable
      }
  }

  var state: DeviceState {
    switch self {
    case .gone: .absent(.scannerGone)
    case .denied: .failed(.scannerDenied)
    case .busy: .failed(.scannerBusy)
    case .flood: .failed(.scannerFlood)
    case .unusable: .failed(.scannerUnusable)
    }
  }

  var deviceFault: DeviceFault { DeviceFault(state, resetMayHelp: self == .flood) }
}
