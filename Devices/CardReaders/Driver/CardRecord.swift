// SPDX-License-Identifier: Apache-2.0

import Records

/// The data of a read: lengths of its parts, then the parts. Fingerprints, which the driver
/// never asks for, are dropped where an answer carries them.
public struct CardRecord: Hashable, Sendable {
  public let text: CardText
  /// "WLT", or empty.
  public let photo: [UInt8]
  /// How many bytes of fingerprints were dropped; nil in an answer that has no place for any.
  public let fingerprintBytes: Int?

  private static let mostPhoto = 1024
  private static let fingerprints = [0, 512, 1024]

  /// - Throws: `length` when a part has a length that no card has, or the parts are not
  ///   as long together as the data.
  public init(_ data: [UInt8]) throws(CardFault) {
    let (text, photo) = (Self.length(data, 0), Self.length(data, 2))
    guard let text, let photo, text == CardText.size, photo <= Self.mostPhoto else {
      throw .length
    }
    let parts = text + photo
    let start: Int
    if data.count == 4 + parts {
      start = 4
      fingerprintBytes = nil
    } else if let prints = Self.length(data, 4), Self.fingerprints.contains(prints),
      data.count == 6 + parts + prints
    {
      start = 6
      fingerprintBytes = prints
    } else {
      throw .length
    }
    self.text = try CardText(Array(data[start..<start + text]))
    self.photo = Array(data[start + text..<start + parts])
  }

  /// The holder; an address that was added to the card later takes the printed one's place.
  ///
  /// - Parameter newestAddress: the data of its reading, if the card has one.
  public func resident(newestAddress: [UInt8]? = nil) throws(CardFault) -> Resident {
    var resident = try text.resident()
    guard let newestAddress else { return resident }
    let address = try CardText.address(newestAddress)
    if !address.isEmpty, resident.address != nil { resident.address = address }
    return resident
  }

  /// Big-endian, unlike all text.
  private static func length(_ data: [UInt8], _ place: Int) -> Int? {
    guard data.count >= place + 2 else { return nil }
    return Int(data[place]) << 8 | Int(data[place + 1])
  }
}
