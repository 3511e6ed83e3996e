// SPDX-License-Identifier: Apache-2.0

import Glibc
import Simulators
import Testing

/// How a reader may hang on the terminal: the columns of the table.
enum ContractLink: String, CaseIterable, CustomTestStringConvertible {
  case serial = "serial line"
  case usbFour = "USB, four pipes"
  case usbTwo = "USB, two pipes"
  case usbInterrupt = "USB, interrupt"
  /// What passed on one of them, played (`ContractRecording`).
  case played = "recording"

  var testDescription: String { rawValue }

  var framing: USBSimulator.Framing? {
    switch self {
    case .serial, .played: nil
    case .usbFour: .four
    case .usbTwo: .two
    case .usbInterrupt: .interrupt
    }
  }

  /// The simulated USB bus under this process, if there is one.
  static let control = getenv("NIGHTDESK_USB_CONTROL").map { String(cString: $0) }
  static let hasBus = control != nil
  /// Whether a real kernel's USB is under that bus.
  static let isOnKernel = getenv("NIGHTDESK_USB_KERNEL") != nil

  /// Those that can be played where this process runs.
  static var here: [ContractLink] { hasBus ? allCases : [.serial, .played] }
  /// Those on which a USB device's faults can be played.
  static var onUSB: [ContractLink] { here.filter { $0 != .serial } }

  /// Whether this process may open files without a right to.
  static let overridesRights: Bool = {
    var template = Array("/tmp/nightdesk-contract-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    defer { unlink(template) }
    fchmod(file, 0)
    close(file)
    let opened = open(template, O_RDONLY)
    if opened >= 0 { close(opened) }
    return opened >= 0
  }()
}
