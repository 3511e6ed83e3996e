// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Records

/// Why a card reader cannot serve for the moment.
enum ReaderFault: Error, Hashable, Sendable {
  case gone, denied, busy
  /// No answer in time.
  case silent
  /// Answers, but not in whole frames.
  case garbled
  /// Its security module takes no commands.
  case moduleDown
  /// Its security module may not read cards.
  case notAuthorised
  /// It does not know the commands of the model that is set.
  case wrongModel
  /// What the start-up file names is no serial line.
  case unusable

  init(_ fault: LinkFault) {
    self =
      switch fault {
      case .gone: .gone
      case .denied: .denied
      case .busy: .busy
      case .late, .stalled: .silent
      case .babble: .garbled
      case .broken: .unusable
      }
  }

  /// Whether the next try may go well on the same link.
  var mayPass: Bool { self == .silent || self == .garbled || self == .wrongModel }

  var state: DeviceState {
    switch self {
    case .gone: .absent(.readerGone)
    case .denied: .failed(.readerDenied)
    case .busy: .failed(.readerBusy)
    case .silent: .failed(.readerSilent)
    case .garbled: .failed(.readerGarbled)
    case .moduleDown: .failed(.readerModuleDown)
    case .notAuthorised: .failed(.readerNotAuthorised)
    case .wrongModel: .failed(.readerWrongModel)
    case .unusable: .failed(.readerUnusable)
    }
  }

  var deviceFault: DeviceFault {
    DeviceFault(state, resetMayHelp: [.silent, .garbled, .moduleDown].contains(self))
  }
}
