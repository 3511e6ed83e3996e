// SPDX-License-Identifier: Apache-2.0

/// Where one device belongs in a terminal, and which models may hang there: a device may be
/// swapped for another of them without touching this file.
public struct Place: Hashable, Sendable, Codable {
  /// Names of model folders, the likeliest first.
  public var models: [String]
  /// The tty, for models on a serial line.
  public var tty: String?
  /// The node in /dev that udev's rule makes, for models of human interface devices (HID).
  public var node: String?
  /// Bus and ports as the kernel names them (`1-1.2`), for models on USB. Without it: the first
  /// that fits and belongs to no other place.
  public var port: String?
  /// The CUPS device URI, for models behind the print system.
  public var uri: String?

  public init(
    models: [String], tty: String? = nil, node: String? = nil, port: String? = nil, uri: String? = nil
  ) {
    self.models = models
    self.tty = tty
    self.node = node
    self.port = port
    self.uri = uri
  }

  private enum CodingKeys: String, CodingKey {
    case models, tty, node, port, uri
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    models = try values.decode([String].self, forKey: .models)
    tty = try values.decodeIfPresent(String.self, forKey: .tty)
    node = try values.decodeIfPresent(String.self, forKey: .node)
    port = try values.decodeIfPresent(String.self, forKey: .port)
    uri = try values.decodeIfPresent(String.self, forKey: .uri)
    guard !models.isEmpty, Set(models).count == models.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .models, in: values, debugDescription: "these are no models, or one of them twice")
    }
    if let tty, !tty.hasPrefix("/") {
      throw DecodingError.dataCorruptedError(
        forKey: .tty, in: values, debugDescription: "this is not the whole path of a tty")
    }
    if let node, !node.hasPrefix("/") {
      throw DecodingError.dataCorruptedError(
        forKey: .node, in: values, debugDescription: "this is not the whole path of a node")
    }
    if let port, !Self.isPort(port) {
      throw DecodingError.dataCorruptedError(
        forKey: .port, in: values, debugDescription: "this is no bus and ports, like 1-1.2")
    }
  }

  /// Where in /dev something of this place may appear.
  public var paths: [String] { [tty, node].compactMap { $0 } }

  /// A bus, a hyphen, and from socket to socket the ports, with dots between.
  private static func isPort(_ text: String) -> Bool {
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2 else { return false }
    let numbers = [ends[0]] + ends[1].split(separator: ".", omittingEmptySubsequences: false)
    return numbers.allSatisfy { number in
      !number.isEmpty && number.utf8.count <= 3 && number.utf8.allSatisfy { (48...57).contains($0) }
    }
  }
}

/// What a place is for: the first word of its name, `reader` of `reader.low` for instance.
public enum PlaceKind: String, Hashable, Sendable, CaseIterable {
  case reader, receiptPrinter, scanner

  /// Nil when `place` names nothing that a terminal has.
  public init?(place: String) {
    let words = place.split(separator: ".", omittingEmptySubsequences: false)
    guard words.count <= 2, words.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.init(rawValue: String(words[0]))
  }

  /// The folder of such devices in `Devices`.
  public var folder: String {
    switch self {
    case .reader: "CardReaders"
    case .receiptPrinter: "ReceiptPrinters"
    case .scanner: "CodeScanners"
    }
  }
}

/// The places of a terminal by their names, as health board, commands and staff page call them.
public struct Places: Hashable, Sendable, Codable {
  public var byName: [String: Place]

  public init(_ byName: [String: Place]) { self.byName = byName }

  public init(from decoder: any Decoder) throws {
    byName = try [String: Place](from: decoder)
    let strange = byName.keys.filter { PlaceKind(place: $0) == nil }.sorted()
    if let name = strange.first { throw Self.fault(decoder, "\(name) is no place that a terminal has") }
    let lacking = [PlaceKind.reader, .receiptPrinter].first { of($0).isEmpty }
    if let lacking { throw Self.fault(decoder, "there is no place for the \(lacking.rawValue)") }
    // Slips must not come out where nobody looks for them.
    if of(.receiptPrinter).count > 1 { throw Self.fault(decoder, "there are two receipt printers") }
    for spots in [byName.values.flatMap(\.paths), byName.values.compactMap(\.port)] {
      let doubled = spots.filter { spot in spots.count { $0 == spot } > 1 }
      if let spot = doubled.min() { throw Self.fault(decoder, "two places are at \(spot)") }
    }
  }

  public func encode(to encoder: any Encoder) throws { try byName.encode(to: encoder) }

  /// The places of one kind.
  public func of(_ kind: PlaceKind) -> [String: Place] {
    byName.filter { PlaceKind(place: $0.key) == kind }
  }

  private static func fault(_ decoder: any Decoder, _ why: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: why))
  }
}
