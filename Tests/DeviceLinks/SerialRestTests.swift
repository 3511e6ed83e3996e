// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import DeviceLinks

/// Longer than any test may take.
private let hours = Duration.seconds(36_000)

@Suite("A driver on a serial link's own thread", .timeLimit(.minutes(3)))
struct SerialRestTests {
  private func resting(_ link: SerialLink) async -> LinkFault? {
    do throws(LinkFault) {
      try await link.rest(for: hours, by: ContinuousClock())
      return nil
    } catch {
      return error
    }
  }

  @Test("a device that leaves ends the rest at once, and so does closing; what it says does not")
  func gone() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    terminal.say([7])
    async let fault = resting(link)
    terminal.unplug()
    #expect(await fault == .gone)
    await link.close()
    let other = try PseudoTerminal()
    let closing = try await SerialLink.open(path: other.path, baud: .baud115200)
    async let closed = resting(closing)
    await closing.close()
    #expect(await closed == .gone)
  }

  @Test("cancelling ends it at once, and what came meanwhile waits to be read")
  func cancelled() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    terminal.say([7])
    let fault = await withTaskGroup(of: LinkFault?.self) { group in
      group.addTask { await resting(link) }
      group.cancelAll()
      return await group.next() ?? .babble
    }
    #expect(fault == nil)
    #expect(try await link.read(upTo: 5, within: ages) == [7])
    await link.close()
  }

  @Test("another clock than the system's is asked itself")
  func otherClock() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    let clock = HandClock()
    try await link.rest(for: hours, by: clock)
    #expect(clock.now.passed == hours)
    await link.close()
  }

  @Test("what runs there stays on one thread, over turns and rests")
  func oneThread() async throws {
    let terminal = try PseudoTerminal()
    let link = try await SerialLink.open(path: terminal.path, baud: .baud115200)
    let threads = try await withTaskExecutorPreference(link.executor) {
      var threads: Set<UInt> = []
      for byte: UInt8 in 0..<50 {
        terminal.say([byte])
        #expect(try await link.turn([byte], upTo: 1, within: ages) == [byte])
        try await link.rest(for: .milliseconds(1), by: ContinuousClock())
        threads.insert(pthread_self())
      }
      return threads
    }
    #expect(threads.count == 1)
    await link.close()
  }
}
