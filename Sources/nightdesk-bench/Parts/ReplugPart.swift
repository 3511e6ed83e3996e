// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CardReaders
import DeviceKit
import DeviceLinks
import Foundation
import Records
import Simulators
import Synchronization

/// The real driver on a mocked USB bus whose reader is unplugged and plugged in again: a child
/// of `nightdesk-usb-sim`. Says what it holds, then each time until ready, then what it holds.
struct ReplugPart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "replugs")

  @Argument(help: "The line at whose other end the reader answers.") var line: String
  @Argument(help: "How often.") var count: Int

  /// The mock has 50 places for openings that failed, and none comes free again.
  private static let mostRefusals = 30
  /// What is made once, at the first replugs, is no growth.
  private static let warmUps = 500
  private static let port = "3-1"

  func run() async throws {
    guard let control = ProcessInfo.processInfo.environment["NIGHTDESK_USB_CONTROL"] else {
      throw BenchFault("no simulated USB bus")
    }
    let simulator = try USBSimulator(control: control)
    let (states, board) = AsyncStream.makeStream(of: DeviceState?.self)
    let refusals = Refusals()
    let driver = try driver(TellingBoard(states: board), refusals)
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { await driver.run { _ in } }
      group.addTask {
        while (try? await Task.sleep(for: .seconds(1))) != nil { board.yield(nil) }
      }
      var told = states.makeAsyncIterator()
      simulator.add(Self.port, .four, tty: line)
      try await Self.wait(&told, for: Self.serves)
      for turn in 0..<Self.warmUps + count where refusals.count < Self.mostRefusals {
        if turn == Self.warmUps { Speech.say(Holding.now.words) }
        let lap = try await Self.replug(simulator, &told)
        if turn >= Self.warmUps { Speech.say("\(lap)") }
      }
      Speech.say(Holding.now.words + " \(refusals.count)")
    }
  }

  /// Seconds from the plug to `ready`.
  private static func replug(
    _ simulator: USBSimulator, _ told: inout AsyncStream<DeviceState?>.Iterator
  ) async throws -> Double {
    simulator.remove(port)
    try await wait(&told) { if case .absent = $0 { true } else { false } }
    let start = Stopwatch.now
    guard simulator.add(port) == "ok" else { throw BenchFault("the reader cannot be plugged in") }
    try await wait(&told, for: serves)
    return Stopwatch.now - start
  }

  /// One that stopped so often is told to be exchanged, and serves.
  private static func serves(_ state: DeviceState) -> Bool {
    state == .ready || state == .attention(.deviceFailing)
  }

  private static func wait(
    _ told: inout AsyncStream<DeviceState?>.Iterator, for wanted: (DeviceState) -> Bool
  ) async throws {
    var seconds = 0
    while let state = await told.next(isolation: #isolation) {
      if let state, wanted(state) { return }
      if state == nil { seconds += 1 }
      guard seconds < 30 else { throw BenchFault("a plugged reader is not ready after 30 s") }
    }
  }

  private func driver(_ board: TellingBoard, _ refusals: Refusals) throws -> some CardReader {
    let bus = try USBBus()
    let match = USBMatch(vendor: 0x0400, product: 0xC35A, port: Self.port)
    let model = ReaderModel(
      id: "bench", driver: .sdt, link: .serial(baud: .baud115200), pollMilliseconds: 250,
      timeoutMilliseconds: .init(find: 2000, select: 2000, read: 2000), presence: .address)
    return SDTCardReader(
      model: model,
      open: { () throws(LinkFault) in
        do throws(LinkFault) {
          return try await USBLink.open(match, on: bus)
        } catch {
          refusals.add()
          throw error
        }
      }, clock: ContinuousClock(),
      supervisor: DeviceSupervisor(
        place: "reader", bus: bus.presence(of: match), absent: .readerGone, clock: ContinuousClock(),
        chance: SystemChance(), health: board))
  }
}

/// What this process holds at the moment.
struct Holding {
  /// Files, sockets and the like.
  var descriptors: Int
  var memoryMB: Double

  static var now: Holding {
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0
    return Holding(descriptors: open, memoryMB: Consumption.of()?.memoryMB ?? 0)
  }

  var words: String { "\(descriptors) \(memoryMB)" }

  init(descriptors: Int, memoryMB: Double) {
    self.descriptors = descriptors
    self.memoryMB = memoryMB
  }

  init?(_ words: [Substring]) {
    guard words.count >= 2, let descriptors = Int(words[0]), let memory = Double(words[1]) else { return nil }
    self.init(descriptors: descriptors, memoryMB: memory)
  }
}

private final class Refusals: Sendable {
  private let kept = Mutex(0)
  var count: Int { kept.withLock { $0 } }
  func add() { kept.withLock { $0 += 1 } }
}

private struct TellingBoard: HealthBoard {
  let states: AsyncStream<DeviceState?>.Continuation
  func report(_ device: String, _ state: DeviceState) { states.yield(state) }
}
