// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Records

/// A code scanner on a link of any kind. It opens its link, hands over each code once, and
/// opens the link anew after a fault, until its task is cancelled.
///
/// A scanner that sends more than a code may have is cut off: its link is closed, and what
/// it still sends is thrown away until it falls silent.
public struct LinkedCodeScanner<Time: Clock<Duration>>: CodeScanner {
  private let model: ScannerModel
  private let open: @Sendable () async throws(LinkFault) -> OpenedScanner
  private let clock: Time
  private let now: @Sendable () -> Timestamp
  private let health: any HealthBoard
  private let name: String

  /// - Parameters:
  ///   - clock: for pauses, and for what counts as the same code again.
  ///   - now: the time that goes with each code.
  ///   - name: the name of the device on the health board.
  public init(
    model: ScannerModel,
    open: @escaping @Sendable () async throws(LinkFault) -> OpenedScanner,
    clock: Time, now: @escaping @Sendable () -> Timestamp, health: any HealthBoard, name: String
  ) {
    self.model = model
    self.open = open
    self.clock = clock
    self.now = now
    self.health = health
    self.name = name
  }

  /// What lasts longer than one link.
  private struct Life {
    var state: DeviceState?
    var pause = LinkedCodeScanner.shortestPause
    var isFlooded = false
    var repeats: RepeatGuard<Time.Instant>
  }

  private static var shortestPause: Duration { .milliseconds(200) }
  /// Below the second in which a scanner plugged in again has to work.
  private static var longestPause: Duration { .milliseconds(800) }
  /// How soon one sees that the path leads to another device by now.
  private static var patience: Duration { .seconds(1) }
  /// So much of a flood is thrown away in one go.
  private static var mostThrownAway: Int { 65_536 }

  public func run(_ handle: @Sendable (ScannedCode) async -> Void) async {
    var life = Life(repeats: RepeatGuard(window: .milliseconds(model.repeatMilliseconds)))
    say(.starting, &life)
    while !Task.isCancelled {
      do throws(ScannerFault) {
        try await serveOnce(&life, handle)
      } catch {
        if Task.isCancelled { return }
        if error == .flood { life.isFlooded = true }
        say(error.state, &life)
        // Throws only when cancelled, which the loop sees.
        try? await clock.sleep(for: life.pause)
        life.pause = min(life.pause * 2, Self.longestPause)
      }
    }
  }

  private func say(_ state: DeviceState, _ life: inout Life) {
    guard state != life.state else { return }
    life.state = state
    health.report(name, state)
  }

  /// From opening the link to its fault, which it throws, or to cancelling.
  private func serveOnce(
    _ life: inout Life, _ handle: @Sendable (ScannedCode) async -> Void
  ) async throws(ScannerFault) {
    let scanner: OpenedScanner
    do throws(LinkFault) {
      scanner = try await open()
    } catch {
      throw ScannerFault(error)
    }
    do throws(ScannerFault) {
      if life.isFlooded { try await outlastFlood(scanner.link, &life) }
      try await serve(scanner, &life, handle)
    } catch {
      await scanner.link.close()
      throw error
    }
    await scanner.link.close()
  }

  private func outlastFlood(_ link: any ByteLink, _ life: inout Life) async throws(ScannerFault) {
    var count = 0
    while !Task.isCancelled, let bytes = try await receive(link, within: model.gap) {
      count += bytes.count
      guard count < Self.mostThrownAway else { throw .flood }
    }
    life.isFlooded = Task.isCancelled
  }

  private func serve(
    _ scanner: OpenedScanner, _ life: inout Life, _ handle: @Sendable (ScannedCode) async -> Void
  ) async throws(ScannerFault) {
    var decoder = model.decoder(for: scanner)
    say(.ready, &life)
    life.pause = Self.shortestPause
    while !Task.isCancelled {
      let bytes = try await receive(
        scanner.link, within: decoder.isPartial ? model.gap : Self.patience)
      if Task.isCancelled { return }
      for decoded in bytes.map({ decoder.take($0) }) ?? decoder.fellSilent() {
        try await settle(decoded, &life, handle)
      }
    }
  }

  private func settle(
    _ decoded: Decoded, _ life: inout Life, _ handle: @Sendable (ScannedCode) async -> Void
  ) async throws(ScannerFault) {
    switch decoded {
    case .code(let bytes):
      say(.ready, &life)
      guard life.repeats.isNew(bytes, at: clock.now) else { return }
      await handle(ScannedCode(bytes: bytes, at: now()))
    case .garbled: say(.attention(.scannerGarbled), &life)
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
