// SPDX-License-Identifier: Apache-2.0

/// One thing that passed between a driver and a device.
public struct Exchange: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    /// The driver opened the link. Recordings may leave openings out, all of them.
    case opened
    /// It could not be opened, once or several times on end.
    case openFailed(LinkFault)
    /// The driver wrote these bytes at once.
    case wrote([UInt8])
    /// The driver read these bytes at once.
    case read([UInt8])
    case writeFailed(LinkFault)
    case readFailed(LinkFault)
    /// The bus started the device anew.
    case reset
    case baud(BaudRate)
    case closed
  }

  /// Since the beginning of the recording, when the exchange was over; whole microseconds.
  public var at: Duration
  public var event: Event
  /// What somebody has to say of it; one line.
  public var comment: String?

  public init(at: Duration, event: Event, comment: String? = nil) {
    self.at = at
    self.event = event
    self.comment = comment
  }
}

/// What of a recording nobody else may see, taken out by the driver that knows what the
/// bytes mean. It may change bytes, never how many there are nor their order.
public protocol ExchangeScrubber: Sendable {
  func scrub(_ exchanges: [Exchange]) -> [Exchange]
}
