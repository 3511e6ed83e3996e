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
  }

  public init(
    id: String, driver: Driver, baud: BaudRate, pollMilliseconds: Int,
    timeoutMilliseconds: Timeouts, presence: Presence
  ) {
    self.id = id
    self.driver = driver
    self.baud = baud
    self.pollMilliseconds = pollMilliseconds
    self.timeoutMilliseconds = timeoutMilliseconds
    self.presence = presence
  }

  private enum CodingKeys: String, CodingKey {
    case id, driver, baud, pollMilliseconds, timeoutMilliseconds, presence
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    id = try values.decode(String.self, forKey: .id)
    driver = try values.decode(Driver.self, forKey: .driver)
    baud = try values.decode(BaudRate.self, forKey: .baud)
    pollMilliseconds = try values.decode(Int.self, forKey: .pollMilliseconds)
    timeoutMilliseconds = try values.decode(Timeouts.self, forKey: .timeoutMilliseconds)
    presence = try values.decode(Presence.self, forKey: .presence)
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
    case .find: .milliseconds(timeoutMilliseconds.find)
    case .select: .milliseconds(timeoutMilliseconds.select)
    default: .milliseconds(timeoutMilliseconds.read)
    }
  }
}
