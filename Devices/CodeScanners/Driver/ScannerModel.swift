// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks

/// What a driver must know of one model of code scanner: `Devices/CodeScanners/Models/
/// <model>/<model>.json`.
public struct ScannerModel: Hashable, Sendable, DeviceModel {
  /// The name of the model's folder.
  public var id: String
  public var link: Link
  /// Silence that ends a code, or loses one that is not whole.
  public var gapMilliseconds: Int
  /// No code is longer; a scanner that sends more is cut off.
  public var longestBytes: Int
  /// The same code again within this time is the same.
  public var repeatMilliseconds: Int

  /// How its codes travel.
  public enum Link: Hashable, Sendable {
    /// A tty, 8 data bits, no parity, 1 stop bit; where the tty is USB (CDC-ACM) the speed
    /// says nothing.
    case serial(baud: BaudRate)
    /// Key presses (evdev).
    case keys
    /// HID POS reports (hidraw). `feature`: a feature report that makes the scanner send
    /// them, its number first; empty where none is needed.
    case reports(feature: [UInt8])
  }

  public init(
    id: String, link: Link, gapMilliseconds: Int, longestBytes: Int, repeatMilliseconds: Int
  ) {
    self.id = id
    self.link = link
    self.gapMilliseconds = gapMilliseconds
    self.longestBytes = longestBytes
    self.repeatMilliseconds = repeatMilliseconds
  }

  private enum CodingKeys: String, CodingKey {
    case id, link, gapMilliseconds, longestBytes, repeatMilliseconds
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    id = try values.decode(String.self, forKey: .id)
    link = try values.decode(Link.self, forKey: .link)
    gapMilliseconds = try values.decode(Int.self, forKey: .gapMilliseconds)
    longestBytes = try values.decode(Int.self, forKey: .longestBytes)
    repeatMilliseconds = try values.decode(Int.self, forKey: .repeatMilliseconds)
    try values.check(gapMilliseconds, in: 10...2000, .gapMilliseconds)
    try values.check(longestBytes, in: 16...8192, .longestBytes)
    try values.check(repeatMilliseconds, in: 0...60_000, .repeatMilliseconds)
  }
}

extension ScannerModel.Link: Decodable {
  private enum CodingKeys: String, CodingKey { case serial, keys, reports }
  private struct Serial: Decodable { var baud: BaudRate }
  /// Nothing is to be said of them.
  private enum KeysKeys: CodingKey {}
  private struct Reports: Decodable { var feature: [UInt8] }

  public init(from decoder: any Decoder) throws {
    let ways = try decoder.container(keyedBy: CodingKeys.self)
    guard ways.allKeys.count == 1, let way = ways.allKeys.first else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "a link is one of serial, keys and reports"))
    }
    switch way {
    case .serial: self = .serial(baud: try ways.decode(Serial.self, forKey: .serial).baud)
    case .keys:
      _ = try ways.nestedContainer(keyedBy: KeysKeys.self, forKey: .keys)
      self = .keys
    case .reports:
      let feature = try ways.decode(Reports.self, forKey: .reports).feature
      guard feature.count != 1, feature.count <= 64 else {
        throw DecodingError.dataCorruptedError(
          forKey: .reports, in: ways, debugDescription: "a feature report has 2 … 64 bytes, or is left empty")
      }
      self = .reports(feature: feature)
    }
  }
}

/// A link to a scanner, and what one must know to understand it.
public struct OpenedScanner: Sendable {
  public var link: any ByteLink
  /// Empty but for HID POS.
  public var reportDescriptor: [UInt8]

  public init(link: any ByteLink, reportDescriptor: [UInt8] = []) {
    self.link = link
    self.reportDescriptor = reportDescriptor
  }
}

extension ScannerModel {
  public var connection: DeviceConnection {
    switch link {
    case .serial: .line
    case .keys, .reports: .node
    }
  }

  /// Opens a scanner of this model at the path of its node or tty.
  public func open(path: String) async throws(LinkFault) -> OpenedScanner {
    switch link {
    case .serial(let baud):
      return OpenedScanner(link: try await SerialLink.open(path: path, baud: baud))
    case .keys: return OpenedScanner(link: try await HIDLink.open(path: path, kind: .keys))
    case .reports(let feature):
      let link = try await HIDLink.open(path: path, kind: .reports)
      do throws(LinkFault) {
        if !feature.isEmpty { try await link.setFeature(feature) }
      } catch {
        await link.close()
        throw error
      }
      return OpenedScanner(link: link, reportDescriptor: await link.reportDescriptor)
    }
  }

  func decoder(for scanner: OpenedScanner) -> any CodeDecoder {
    switch link {
    case .serial: LineDecoder(longest: longestBytes)
    case .keys: KeyDecoder(longest: longestBytes)
    case .reports: ReportDecoder(descriptor: scanner.reportDescriptor, longest: longestBytes)
    }
  }

  var gap: Duration { .milliseconds(gapMilliseconds) }
}
