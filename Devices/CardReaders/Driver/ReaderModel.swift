// SPDX-License-Identifier: Apache-2.0

import DeviceLinks

/// What a driver must know of one model of card reader: `Devices/CardReaders/Models/
/// <model>/<model>.json`.
public struct ReaderModel: Hashable, Sendable, Codable {
  /// The name of the model's folder.
  public var id: String
  public var driver: Driver
  public var baud: BaudRate
  /// From one look for a card to the next.
  public var pollMilliseconds: Int
  /// How long the reader may take for the whole answer.
  public var timeoutMilliseconds: Timeouts
  public var presence: Presence
  /// The speed that its serial line is changed to after each opening; nil where it stays.
  public var workingBaud: BaudRate?

  public enum Driver: String, Hashable, Sendable, Codable {
    /// The ministry's protocol for security modules, in complete frames.
    case sdt
  }

  public struct Timeouts: Hashable, Sendable, Codable {
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
  public enum Presence: String, Hashable, Sendable, Codable {
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
    id: String, driver: Driver, baud: BaudRate, pollMilliseconds: Int,
    timeoutMilliseconds: Timeouts, presence: Presence, workingBaud: BaudRate? = nil
  ) {
    self.id = id
    self.driver = driver
    self.baud = baud
    self.pollMilliseconds = pollMilliseconds
    self.timeoutMilliseconds = timeoutMilliseconds
    self.presence = presence
    self.workingBaud = workingBaud
  }

  private enum CodingKeys: String, CodingKey {
    case id, driver, baud, pollMilliseconds, timeoutMilliseconds, presence, workingBaud
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    id = try values.decode(String.self, forKey: .id)
    driver = try values.decode(Driver.self, forKey: .driver)
    baud = try values.decode(BaudRate.self, forKey: .baud)
    pollMilliseconds = try values.decode(Int.self, forKey: .pollMilliseconds)
    timeoutMilliseconds = try values.decode(Timeouts.self, forKey: .timeoutMilliseconds)
    presence = try values.decode(Presence.self, forKey: .presence)
    workingBaud = try values.decodeIfPresent(BaudRate.self, forKey: .workingBaud)
    try ReaderModel.check(pollMilliseconds, 1...10_000, .pollMilliseconds, values)
    let timeouts = timeoutMilliseconds
    for timeout in [timeouts.find, timeouts.select, timeouts.read] {
      try ReaderModel.check(timeout, 1...60_000, .timeoutMilliseconds, values)
    }
  }

  private static func check(
    _ value: Int, _ range: ClosedRange<Int>, _ key: CodingKeys,
    _ values: KeyedDecodingContainer<CodingKeys>
  ) throws {
    guard !range.contains(value) else { return }
    throw DecodingError.dataCorruptedError(
      forKey: key, in: values,
      debugDescription: "\(value) is not in \(range.lowerBound) … \(range.upperBound)")
  }
}

extension ReaderModel {
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
