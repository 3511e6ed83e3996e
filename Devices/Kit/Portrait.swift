// SPDX-License-Identifier: Apache-2.0

/// A card holder's picture, in memory only.
public struct Portrait: Hashable, Sendable {
  public var width: Int
  public var height: Int
  /// Rows from the top, three bytes a dot: red, green, blue.
  public var dots: [UInt8]

  public init(width: Int, height: Int, dots: [UInt8]) {
    self.width = width
    self.height = height
    self.dots = dots
  }
}

/// Makes a picture of the photo on an identity card: 1,024 bytes in a format ("WLT") whose
/// decoders are closed and licensed by the makers of readers; a site may fit one.
public protocol PortraitDecoder: Sendable {
  /// Nil when there is no picture to be had. Never throws: nothing hangs on a picture.
  func portrait(_ photo: [UInt8]) async -> Portrait?
}

/// Not fitted: the photo is dropped unseen.
public struct NoPortrait: PortraitDecoder {
  public init() {}
  public func portrait(_ photo: [UInt8]) async -> Portrait? { nil }
}
