// SPDX-License-Identifier: Apache-2.0

/// A recording as text, `*.exchange`: what passed between a driver and a device, one
/// exchange a line. The form is told in Devices/README.md.
public struct ExchangeFile: Hashable, Sendable {
  public static let heading = "nightdesk exchange 1"

  /// Lines of comment before the first exchange.
  public var remarks: [String]
  public var exchanges: [Exchange]

  public init(remarks: [String] = [], exchanges: [Exchange]) {
    self.remarks = remarks
    self.exchanges = exchanges
  }

  /// Ends with a line break. Reading it gives the same recording.
  public var text: String {
    let head = [Self.heading] + remarks.map { $0.isEmpty ? "#" : "# " + Self.oneLine($0) }
    return (head + exchanges.map(Self.line)).joined(separator: "\n") + "\n"
  }

  private static func line(_ exchange: Exchange) -> String {
    let parts = exchange.at.components
    let micros = parts.attoseconds / 1_000_000_000_000
    let fraction = String(micros)
    let time = "\(parts.seconds).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)"
    let comment = exchange.comment.map { "  # " + oneLine($0) } ?? ""
    return "\(time) \(word(exchange.event))\(comment)"
  }

  private static func word(_ event: Exchange.Event) -> String {
    switch event {
    case .opened: "open"
    case .openFailed(let fault): "open ! " + word(fault)
    case .wrote(let bytes): "> " + hexadecimal(bytes)
    case .read(let bytes): "< " + hexadecimal(bytes)
    case .writeFailed(let fault): "> ! " + word(fault)
    case .readFailed(let fault): "< ! " + word(fault)
    case .reset: "reset"
    case .baud(let baud): "baud \(baud.rawValue)"
    case .closed: "close"
    }
  }

  private static func word(_ fault: LinkFault) -> String {
    switch fault {
    case .gone: "gone"
    case .denied: "denied"
    case .busy: "busy"
    case .late: "late"
    case .stalled: "stalled"
    case .babble: "babble"
    case .broken(let code): "broken \(code)"
    }
  }

  /// `AA 00*12 0F`: four and more of one byte are counted.
  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    var words: [String] = []
    var rest = bytes[...]
    while let byte = rest.first {
      let run = rest.prefix { $0 == byte }.count
      let digits = (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      words += run >= 4 ? ["\(digits)*\(run)"] : [String](repeating: digits, count: run)
      rest = rest.dropFirst(run)
    }
    return words.joined(separator: " ")
  }

  private static func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
  }
}

/// Why a text is no recording, and where.
public struct ExchangeFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  public let line: Int
  /// From 1, in characters.
  public let column: Int
  public let reason: String

  public var description: String { "line \(line), column \(column): \(reason)" }
}
