// SPDX-License-Identifier: Apache-2.0

import DeviceLinks

/// What a host may ask of the security module (SAM) in a resident card reader: the "SDT"
/// protocol of GA/T 467. Readers are never sent a command that is not listed here: some
/// makers use others to rewrite the firmware.
public struct SDTRequest: Hashable, Sendable {
  public let command: UInt8
  public let parameter: UInt8
  /// What the reply's status says when all went well.
  let success: SDTStatus.Meaning
  /// How many bytes of data such a reply may carry.
  let answer: ClosedRange<Int>

  init(
    _ command: UInt8, _ parameter: UInt8, _ success: SDTStatus.Meaning, _ answer: ClosedRange<Int>
  ) {
    self.command = command
    self.parameter = parameter
    self.success = success
    self.answer = answer
  }

  /// Starts the module anew.
  public static let reset = SDTRequest(0x10, 0xFF, .success, 0...0)
  /// Asks whether the module works.
  public static let moduleState = SDTRequest(0x11, 0xFF, .success, 0...0)
  /// Asks for the module's own number, 16 bytes.
  public static let moduleNumber = SDTRequest(0x12, 0xFF, .success, 16...16)
  /// Looks for a card. Its 4 bytes are mostly, but not always, zero.
  public static let find = SDTRequest(0x20, 0x01, .found, 0...16)
  /// Selects the card that was found.
  public static let select = SDTRequest(0x20, 0x02, .success, 0...16)
  /// Reads text and photo of the card that was selected.
  public static let read = SDTRequest(0x30, 0x01, .success, 17...SDTDecoder.longestData)
  /// Reads the newest address, if one was added to the card later.
  public static let readAddress = SDTRequest(0x30, 0x03, .success, 70...70)
  /// Changes the speed of a serial line until the reader's power goes; answered at the
  /// former speed (makers' sheet 身份证阅读器通信协议: 60 00 … 04 for 115200 … 9600).
  public static func setRate(_ rate: BaudRate) -> SDTRequest {
    let parameter: UInt8 =
      switch rate {
      case .baud115200: 0
      case .baud57600: 1
      case .baud38400: 2
      case .baud19200: 3
      case .baud9600: 4
      }
    return SDTRequest(0x60, parameter, .success, 0...0)
  }

  /// The bytes on the wire.
  public var frame: [UInt8] {
    SDTRequest.preamble + [0x00, 0x03, command, parameter, 0x03 ^ command ^ parameter]
  }

  /// Whether `reply` can be the answer to this request. A success that belongs to another
  /// request is one that came too late for it.
  public func isAnswered(by reply: SDTReply) -> Bool {
    switch reply.status.meaning {
    case success: answer.contains(reply.data.count)
    case .success, .found: false
    default: true
    }
  }

  static let preamble: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69]
}
