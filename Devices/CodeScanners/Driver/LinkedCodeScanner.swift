// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Records
import Synchronization

/// A code scanner on a link of any kind. It hands over each code once; a supervisor opens its
/// link anew after a fault, until its task is cancelled.
///
/// A scanner that sends more than a code may have is cut off: its link is closed, and what
/// it still sends is thrown away until it falls silent.
public final class LinkedCodeScanner<Time: Clock<Duration>>: CodeScanner, SupervisedDevice {
  private let model: ScannerModel
  private let open: Opening
  private let clock: Time
  private let now: @Sendable () -> Timestamp
  private let supervisor: DeviceSupervisor<Time>
  private let memory: Mutex<Memory>

  public typealias Opening = @Sendable () async throws(LinkFault) -> OpenedScanner

  /// - Parameters:
  ///   - clock: for what counts as the same code again.
  ///   - now: the time that goes with each code.
  ///   - supervisor: opens the scanner anew; it knows its place and its bus.
  public init(
    model: ScannerModel, open: @escaping Opening, clock: Time,
    now: @escaping @Sendable () -> Timestamp, supervisor: DeviceSupervisor<Time>
  ) {
    self.model = model
    self.open = open
    self.clock = clock
    self.now = now
    self.supervisor = supervisor
    memory = Mutex(Memory(repeats: RepeatGuard(window: .milliseconds(model.repeatMilliseconds))))
  }

  /// What lasts longer than one link.
  private struct Memory {
    var isFlooded = false
    var repeats: RepeatGuard<Time.Instant>
  }

  public var place: String { supervisor.place }

  public func restart() { supervisor.restart() }

  public func run(_ handle: @Sendable (CodeEvent) async -> Void) async {
    let (events, feed) = AsyncStream.makeStream(of: CodeEvent.self)
    async let serving: Void = serve(feed)
    for await event in events { await handle(event) }
    await serving
  }

  private func serve(_ feed: AsyncStream<CodeEvent>.Continuation) async {
    await supervisor.run { life throws(DeviceFault) in
      do throws(ScannerFault) {
        try await self.serve(life, feed)
      } catch {
        if error == .flood { self.memory.withLock { $0.isFlooded = true } }
        throw error.deviceFault
      }
    }
    feed.finish()
  }
}

extension LinkedCodeScanner {
  /// How soon one sees that the path leads to another device by now.
  private static var patience: Duration { .seconds(1) }
  /// So much of a flood is thrown away in one go.
  private static var mostThrownAway: Int { 65_536 }

  /// From opening the link to its fault, which it throws, or to cancelling.
  private func serve(
    _ life: DeviceLife, _ feed: AsyncStream<CodeEvent>.Continuation
  ) async throws(ScannerFault) {
    let scanner = try await opened()
    do throws(ScannerFault) {
      if life.step > .reopen { try await reset(scanner.link) }
      if memory.withLock({ $0.isFlooded }) { try await outlastFlood(scanner.link) }
      try await listen(to: scanner, life, feed)
    } catch {
      await scanner.link.close()
      throw error
    }
    await scanner.link.close()
  }

  private func opened() async throws(ScannerFault) -> OpenedScanner {
    do throws(LinkFault) {
      return try await open()
    } catch {
      throw ScannerFault(error)
    }
  }

  private func reset(_ link: any ByteLink) async throws(ScannerFault) {
    do throws(LinkFault) {
      try await link.reset()
    } catch {
      throw ScannerFault(error)
    }
  }

  private func outlastFlood(_ link: any ByteLink) async throws(ScannerFault) {
    var count = 0
    while !Task.isCancelled, let bytes = try await receive(link, within: model.gap) {
      count += bytes.count
      guard count < Self.mostThrownAway else { throw .flood }
    }
    if !Task.isCancelled { memory.withLock { $0.isFlooded = false } }
  }

  private func listen(
    to scanner: OpenedScanner, _ life: DeviceLife, _ feed: AsyncStream<CodeEvent>.Continuation
  ) async throws(ScannerFault) {
    var decoder = model.decoder(for: scanner)
    life.serves()
    while !Task.isCancelled {
      let bytes = try await receive(
        scanner.link, within: decoder.isPartial ? model.gap : Self.patience)
      if Task.isCancelled { return }
      for decoded in bytes.map({ decoder.take($0) }) ?? decoder.fellSilent() {
        try settle(decoded, life, feed)
      }
    }
  }

  private func settle(
    _ decoded: Decoded, _ life: DeviceLife, _ feed: AsyncStream<CodeEvent>.Continuation
  ) throws(ScannerFault) {
    switch decoded {
    case .code(let bytes):
      life.serves()
      let seen = clock.now
      guard memory.withLock({ $0.repeats.isNew(bytes, at: seen) }) else { return }
      feed.yield(.shown(ScannedCode(bytes: bytes, at: now())))
    case .garbled:
      life.serves(heeding: .scannerGarbled)
      feed.yield(.unreadable)
    case .tooLong: throw .flood
    }
  }

  /// What came, or nothing when nothing did.
  private func receive(
    _ link: any ByteLink, within patience: Duration
  ) async throws(ScannerFault) -> [UInt8]? {
    do throws(LinkFault) {
      return try await link.read(upTo: 4096, within: patience)
    } catch {
      guard error == .late else { throw ScannerFault(error) }
      return nil
    }
  }
}
