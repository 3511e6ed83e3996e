// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Records

/// A card reader that speaks the ministry's protocol in complete frames. It looks for a card
/// again and again and reads each card that was put on once; a supervisor opens its link
/// anew after a fault, until its task is cancelled.
///
/// A card is put on before our eyes unless the first look after opening finds it. After
/// an interrupted link, and after a look that missed it, a card is read again: the same
/// one makes no event, another one, or one that cannot be read, makes `removed` first.
public struct SDTCardReader<Time: Clock<Duration>>: CardReader, SupervisedDevice {
  private let model: ReaderModel
  private let open: Opening
  private let rate: LineRate?
  private let clock: Time
  private let portraits: any PortraitDecoder
  private let supervisor: DeviceSupervisor<Time>
  private let watch: CardWatch

  public typealias Opening = @Sendable () async throws(LinkFault) -> any ByteLink

  /// - Parameters:
  ///   - rate: for a serial line whose speed is changed after opening.
  ///   - supervisor: opens the reader anew; it knows its place, bus and power.
  public init(
    model: ReaderModel, open: @escaping Opening, rate: LineRate? = nil, clock: Time,
    supervisor: DeviceSupervisor<Time>, portraits: any PortraitDecoder = NoPortrait()
  ) {
    self.model = model
    self.open = open
    self.rate = rate
    self.clock = clock
    self.supervisor = supervisor
    self.portraits = portraits
    watch = CardWatch(missesOfRemoval: model.missesOfRemoval)
  }

  public var place: String { supervisor.place }

  public var tellsRemoval: Bool { model.presence != .none }

  public func restart() { supervisor.restart() }

  /// The number of the reader's security module; nil before it was asked, and of a reader
  /// that does not tell it.
  public var moduleNumber: ModuleNumber? { watch.module }

  /// Whose card lies there, as far as a decoder is fitted; nil once it is taken off.
  public var portrait: Portrait? { watch.portrait }

  public func run(_ handle: @Sendable (CardEvent) async -> Void) async {
    let events = watch.events()
    async let serving: Void = supervisor.run { life throws(DeviceFault) in
      try await serve(life)
    }
    for await event in events { await handle(event) }
    await serving
  }
}

extension SDTCardReader {
  /// So many failed looks in a row end a link.
  private static var strikes: Int { 3 }

  /// From opening the link to its fault, or to cancelling.
  private func serve(_ life: DeviceLife) async throws(DeviceFault) {
    do throws(ReaderFault) {
      let link = try await opened(life.step)
      do throws(ReaderFault) {
        try await withTaskExecutorPreference(link.executor) { () async throws(ReaderFault) in
          try await serve(link, life)
        }
      } catch {
        await link.close()
        throw error
      }
      await link.close()
    } catch {
      throw error.deviceFault
    }
  }

  private func opened(_ step: RestartStep) async throws(ReaderFault) -> any ByteLink {
    do throws(LinkFault) {
      let link = try await open()
      guard step > .reopen else { return link }
      do throws(LinkFault) {
        try await link.reset()
      } catch {
        await link.close()
        throw error
      }
      return link
    } catch {
      throw ReaderFault(error)
    }
  }

  private func serve(_ link: any ByteLink, _ life: DeviceLife) async throws(ReaderFault) {
    let conversation = SDTConversation(link: link, model: model, clock: clock)
    watch.look { $0.linkOpened() }
    if life.step > .reopen { try await startModuleAnew(conversation) }
    try await rate?.change(conversation)
    var failures = 0
    var isKnown = false
    while !Task.isCancelled {
      do throws(ReaderFault) {
        try await look(conversation)
        life.serves()
        failures = 0
        if !isKnown { watch.module = try await moduleNumber(conversation) }
        isKnown = true
      } catch {
        failures += 1
        guard error.mayPass, failures < Self.strikes else { throw error }
      }
      try await conversation.rest()
      if failures > 0 { try await conversation.clear() }
    }
  }

  /// Whatever it says to that: what comes next shows whether it helped.
  private func startModuleAnew(_ conversation: SDTConversation<Time>) async throws(ReaderFault) {
    do throws(ReaderFault) {
      _ = try await conversation.ask(.reset)
    } catch {
      if error == .gone { throw error }
    }
    try await conversation.clear()
  }

  /// Asked once a link, behind the first look: not every reader tells it.
  private func moduleNumber(
    _ conversation: SDTConversation<Time>
  ) async throws(ReaderFault) -> ModuleNumber? {
    do throws(ReaderFault) {
      return ModuleNumber(try await conversation.ask(.moduleNumber).data)
    } catch {
      if error == .gone { throw error }
      try await conversation.clear()
      return nil
    }
  }
}

extension SDTCardReader {
  /// One look at the reader, and the reading of a card that must be read.
  private func look(_ conversation: SDTConversation<Time>) async throws(ReaderFault) {
    if model.presence == .address, watch.isReadCardThere {
      if try await givesAddress(conversation) { return }
      watch.look { $0.doubted() }
    }
    guard try await conversation.ask(.find).status.meaning == .found else {
      return watch.tell { $0.missed() }
    }
    guard watch.look({ $0.found() }) else { return }
    guard try await conversation.ask(.select).status.meaning == .success else {
      return watch.tell { $0.selectFailed() }
    }
    guard let (resident, photo) = try await read(conversation) else {
      return watch.tell { $0.readFailed() }
    }
    let portrait = await portraits.portrait(photo)
    watch.tell(portrait) { $0.wasRead(resident) }
  }

  /// Whether the card that was read still lies there: another one was not selected. What
  /// the answer says is dropped.
  private func givesAddress(
    _ conversation: SDTConversation<Time>
  ) async throws(ReaderFault) -> Bool {
    let meaning = try await conversation.ask(.readAddress).status.meaning
    return meaning == .success || meaning == .noSuchItem
  }

  /// The holder and the photo of the selected card, unless the card cannot be read.
  private func read(
    _ conversation: SDTConversation<Time>
  ) async throws(ReaderFault) -> (Resident, [UInt8])? {
    let base = try await persistently(.read, conversation)
    guard base.status.meaning == .success else { return nil }
    var newest: [UInt8]?
    if model.presence == .address {
      let reply = try await persistently(.readAddress, conversation)
      // Anything else: the card was pulled, and nobody knows which address holds.
      guard [.success, .noSuchItem].contains(reply.status.meaning) else { return nil }
      newest = reply.status.meaning == .success ? reply.data : nil
    }
    do throws(CardFault) {
      let record = try CardRecord(base.data)
      return (try record.resident(newestAddress: newest), record.photo)
    } catch {
      return nil
    }
  }

  /// Asked up to three times: some readers find no card anew that they have read, so with
  /// the next look the card would be lost. Where no try helps it has to be put on again.
  private func persistently(
    _ request: SDTRequest, _ conversation: SDTConversation<Time>
  ) async throws(ReaderFault) -> SDTReply {
    var tries = 1
    while true {
      do throws(ReaderFault) {
        return try await conversation.ask(request)
      } catch {
        guard error == .garbled || error == .silent, !Task.isCancelled else { throw error }
        if tries == Self.strikes {
          watch.tell { $0.readFailed() }
          throw error
        }
        tries += 1
        try await conversation.clear()
      }
    }
  }
}
