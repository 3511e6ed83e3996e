// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks

/// What a driver must know of one model of card reader: `Devices/CardReaders/Models/
/// <model>/<model>.json`.
public struct ReaderModel: Hashable, Sendable, DeviceModel {
  /// The name of the model's folder.
  public var id: String
  public var driver: Driver
  public var link: Link
  /// From one look for a card to the next.
  public var pollMilliseconds: Int
  /// How long the reader may take for the whole answer.
  public var timeoutMilliseconds: Timeouts
  public var presence: Presence

  public enum Driver: String, Hashable, Sendable, Decodable {
    /// The ministry's protocol for security modules, in complete frames.
    case sdt
  }

  /// How its bytes travel.
  public enum Link: Hashable, Sendable {
    /// A tty, 8 data bits, no parity, 1 stop bit, opened at `baud`. The reader is brought to
    /// `workingBaud` after each opening; nil where the speed stays.
    case serial(baud: BaudRate, workingBaud: BaudRate? = nil)
    case usb(USBIdentity, framing: Framing)
  }

  /// Over which pipes a frame goes on USB. Readers of one maker and product number differ.
  public enum Framing: String, Hashable, Sendable, Decodable {
    /// As the descriptors say: two pipes in and two out, or one of each.
    case auto
    /// Head and rest of a frame on pipes of their own (vendors' sheet "SAM 通信协议", table 2).
    case fourPipe = "four-pipe"
    /// The whole frame on one pipe out and one in.
    case twoPipe = "two-pipe"
  }

  public struct Timeouts: Hashable, Sendable, Decodable {
    public var find: Int
    public var select: Int
    public var read: Int

    public init(find: Int, select: Int, read: Int) {
      self.find = find
      self.select = select
      self.read = read
    }
  }

  /// How one sees that a card still lies there.
  public enum Presence: String, Hashable, Sendable, Decodable {
    /// It is found again each time, also after it was read. An exchange of cards between
    /// two looks goes unseen.
    case find
    /// A card that was read is asked for its newest address (30 03), which only a card
    /// that was selected and read can give. That address is also the one that is taken.
    case address
    /// It is found once and not again before it was taken off, and 30 03 is not answered:
    /// while it lies there nobody can tell. A card that is found anew was put on anew; one
    /// that is not found any more counts as taken off three minutes later, since a resident
    /// told too early that her card is gone is worse than an idle page that asks too long
    /// for a card to be taken. For readers that leave no other way.
    case none
  }

  public init(
    id: String, driver: Driver, link: Link, pollMilliseconds: Int,
    timeoutMilliseconds: Timeouts, presence: Presence
  ) {
    self.id = id
    self.driver = driver
    self.link = link
    self.pollMilliseconds = pollMilliseconds
    self.timeoutMilliseconds = timeoutMilliseconds
    self.presence = presence
  }

  private enum CodingKeys: String, CodingKey {
    case id, driver, link, pollMilliseconds, timeoutMilliseconds, presence
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    id = try values.decode(String.self, forKey: .id)
    driver = try values.decode(Driver.self, forKey: .driver)
    link = try values.decode(Link.self, forKey: .link)
    pollMilliseconds = try values.decode(Int.self, forKey: .pollMilliseconds)
    timeoutMilliseconds = try values.decode(Timeouts.self, forKey: .timeoutMilliseconds)
    presence = try values.decode(Presence.self, forKey: .presence)
    try values.check(pollMilliseconds, in: 1...10_000, .pollMilliseconds)
    let timeouts = timeoutMilliseconds
    for timeout in [timeouts.find, timeouts.select, timeouts.read] {
      try values.check(timeout, in: 1...60_000, .timeoutMilliseconds)
    }
  }
}

extension ReaderModel.Link: Decodable {
  private enum CodingKeys: String, CodingKey { case serial, usb }
  private enum SerialKeys: String, CodingKey { case baud, workingBaud }
  private enum USBKeys: String, CodingKey { case vendor, product, framing }

  public init(from decoder: any Decoder) throws {
    let ways = try decoder.container(keyedBy: CodingKeys.self)
    guard ways.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a link is either serial or usb"))
    }
    if ways.contains(.serial) {
      let values = try ways.nestedContainer(keyedBy: SerialKeys.self, forKey: .serial)
      self = .serial(
        baud: try values.decode(BaudRate.self, forKey: .baud),
        workingBaud: try values.decodeIfPresent(BaudRate.self, forKey: .workingBaud))
    } else {
      let values = try ways.nestedContainer(keyedBy: USBKeys.self, forKey: .usb)
      self = .usb(
        USBIdentity(
          vendor: try values.decode(USBNumber.self, forKey: .vendor),
          product: try values.decode(USBNumber.self, forKey: .product)),
        framing: try values.decode(ReaderModel.Framing.self, forKey: .framing))
    }
  }
}

extension ReaderModel {
  public var connection: DeviceConnection {
    switch link {
    case .serial: .line
    case .usb(let identity, _): .usb(identity)
    }
  }

  var poll: Duration { .milliseconds(pollMilliseconds) }

  /// How long the whole answer to `request` may take.
  func patience(for request: SDTRequest) -> Duration {
    switch request {
    case .select: .milliseconds(timeoutMilliseconds.select)
    case .read, .readAddress: .milliseconds(timeoutMilliseconds.read)
    default: .milliseconds(timeoutMilliseconds.find)
    }
  }

  /// So many finds in a row that find nothing mean that the card was taken off.
  var missesOfRemoval: Int {
    presence == .none ? max(2, 180_000 / pollMilliseconds) : 2
  }
}
