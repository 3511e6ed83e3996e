// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Records

/// A resident card reader that speaks the ministry's protocol in complete frames. It opens
/// its link, looks for a card again and again, reads each card that was put on once, and
/// opens the link anew after a fault, until its task is cancelled.
///
/// A card is put on before our eyes unless the first look after opening finds it. After
/// an interrupted link, and after a look that missed it, a card is read again: the same
/// one makes no event, another one, or one that cannot be read, makes `removed` first.
public struct SDTCardReader<Time: Clock<Duration>>: CardReader {
  private let model: ReaderModel
  private let open: @Sendable () async throws(LinkFault) -> any ByteLink
  private let clock: Time
  private let health: any HealthBoard
  private let name: String

  /// - Parameter name: the name of the device on the health board.
  public init(
    model: ReaderModel,
    open: @escaping @Sendable () async throws(LinkFault) -> any ByteLink,
    clock: Time, health: any HealthBoard, name: String
  ) {
    self.model = model
    self.open = open
    self.clock = clock
    self.health = health
    self.name = name
  }

  public func run(_ handle: @Sendable (CardEvent) async -> Void) async {
    var presence = CardPresence()
    var voice = HealthVoice(board: health, device: name)
    var pause = Self.shortestPause
    voice.say(.starting)
    while !Task.isCancelled {
      do throws(ReaderFault) {
        try await serveOnce(&presence, &voice, &pause, handle)
      } catch {
        if Task.isCancelled { return }
        voice.say(error.state)
        // Throws only when cancelled, which the loop sees.
        try? await clock.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  private static var shortestPause: Duration { .milliseconds(200) }
  /// Below the second in which a reader plugged in again has to work.
  private static var longestPause: Duration { .milliseconds(800) }
  /// So many failed looks in a row end a link.
  private static var strikes: Int { 3 }

  /// From opening the link to its fault, which it throws, or to cancelling.
  private func serveOnce(
    _ presence: inout CardPresence, _ voice: inout HealthVoice, _ pause: inout Duration,
    _ handle: @Sendable (CardEvent) async -> Void
  ) async throws(ReaderFault) {
    let link = try await opened()
    presence.linkOpened()
    do throws(ReaderFault) {
      try await serve(link, &presence, &voice, &pause, handle)
    } catch {
      await link.close()
      throw error
    }
    await link.close()
  }

  private func opened() async throws(ReaderFault) -> any ByteLink {
    do throws(LinkFault) {
      return try await open()
    } catch {
      throw ReaderFault(error)
    }
  }

  private func serve(
    _ link: any ByteLink, _ presence: inout CardPresence, _ voice: inout HealthVoice,
    _ pause: inout Duration, _ handle: @Sendable (CardEvent) async -> Void
  ) async throws(ReaderFault) {
    let conversation = SDTConversation(link: link, model: model, clock: clock)
    var failures = 0
    while !Task.isCancelled {
      do throws(ReaderFault) {
        let events = try await look(conversation, &presence)
        voice.say(.ready)
        pause = Self.shortestPause
        failures = 0
        for event in events { await handle(event) }
      } catch {
        failures += 1
        guard error.mayPass, failures < Self.strikes else { throw error }
      }
      // Throws only when cancelled, which the loop sees.
      try? await clock.sleep(for: model.poll)
      if failures > 0 { try await conversation.clear() }
    }
  }

  /// One look at the reader, and the reading of a card that must be read.
  private func look(
    _ conversation: SDTConversation<Time>, _ presence: inout CardPresence
  ) async throws(ReaderFault) -> [CardEvent] {
    if model.presence == .address, presence.isReadCardThere {
      if try await givesAddress(conversation) { return [] }
      presence.doubted()
    }
    guard try await conversation.ask(.find).status.meaning == .found else {
      return presence.missed()
    }
    guard presence.found() else { return [] }
    guard try await conversation.ask(.select).status.meaning == .success else {
      return presence.selectFailed()
    }
    guard let resident = try await read(conversation) else { return presence.readFailed() }
    return presence.wasRead(resident)
  }

  /// Whether the card that was read still lies there: another one was not selected.
  private func givesAddress(
    _ conversation: SDTConversation<Time>
  ) async throws(ReaderFault) -> Bool {
    let meaning = try await conversation.ask(.readAddress).status.meaning
    return meaning == .success || meaning == .noSuchItem
  }

  /// The holder of the selected card, unless the card cannot be read.
  private func read(_ conversation: SDTConversation<Time>) async throws(ReaderFault) -> Resident? {
    let base = try await conversation.ask(.read)
    guard base.status.meaning == .success else { return nil }
    var newest: [UInt8]?
    if model.presence == .address {
      let reply = try await conversation.ask(.readAddress)
      // Anything else: the card was pulled, and nobody knows which address holds.
      guard [.success, .noSuchItem].contains(reply.status.meaning) else { return nil }
      newest = reply.status.meaning == .success ? reply.data : nil
    }
    do throws(CardFault) {
      return try ResidentCard.resident(ofRead: base.data, newestAddress: newest)
    } catch {
      return nil
    }
  }
}
