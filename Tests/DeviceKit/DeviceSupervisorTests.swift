// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Synchronization
import Testing

@Suite("One device under supervision", .timeLimit(.minutes(1)))
struct DeviceSupervisorTests {
  @Test("it serves, fails, rests, and is opened anew; states are told once each")
  func ordinary() async {
    let played = Supervision()
    await played.running {
      await played.becomesReady()
      played.device.answer()
      played.device.answer()
      played.device.fail(.broken)
      #expect(await played.board.next() == .failed(.broken))
      #expect(await played.rested() == .milliseconds(100))
      await played.becomesReady()
      played.device.answer(heeding: .broken)
      #expect(await played.board.next() == .attention(.broken))
    }
  }

  static let growing: [(UInt8, [Int])] = [
    (0, [100, 200, 400, 400, 400]), (0xFF, [200, 400, 800, 800, 800]),
  ]

  @Test("pauses grow to 0.8 s and vary by chance; serving once takes them back", arguments: growing)
  func pauses(chance: UInt8, expected: [Int]) async {
    let played = Supervision(chance: chance)
    await played.running {
      for length in expected {
        #expect(await played.device.opened() != nil)
        played.device.fail(.gone)
        // The finest chance is a 65,536th below the whole.
        let pause = await played.rested() ?? .zero
        #expect(pause > .milliseconds(length - 1) && pause <= .milliseconds(length))
      }
      #expect(await played.board.next() == .absent(.gone))
      await played.becomesReady()
      played.device.fail(.gone)
      #expect(await played.board.next() == .absent(.gone))
      let pause = await played.rested() ?? .zero
      #expect(pause <= .milliseconds(expected[0]))
    }
  }

  @Test("a device that the bus does not have is not tried; its arrival opens it at once")
  func arrival() async {
    let bus = PlayedBus(there: false)
    let played = Supervision(bus: bus)
    await played.running {
      #expect(await played.board.next() == .absent(.gone))
      #expect(await played.rested() == .seconds(5))
      #expect(await played.nap() == .seconds(5))
      #expect(played.device.openings == 0)
      // No time passes from here on.
      bus.set(there: true)
      await played.becomesReady()
    }
  }

  @Test("one that leaves the bus is ended and told, and back it serves, each without any time passing")
  func departure() async {
    let bus = PlayedBus(there: true)
    let played = Supervision(bus: bus)
    await played.running {
      for _ in 0..<5 {
        await played.becomesReady()
        bus.set(there: false)
        await played.device.ended()
        #expect(await played.board.next() == .absent(.gone))
        bus.set(there: true)
      }
      await played.becomesReady()
    }
  }

  @Test("an arrival that the bus forgot to tell is seen within five seconds")
  func untoldArrival() async {
    let bus = PlayedBus(there: false)
    let played = Supervision(bus: bus)
    await played.running {
      #expect(await played.board.next() == .absent(.gone))
      bus.set(there: true, told: false)
      #expect(await played.rested() == .seconds(5))
      await played.becomesReady()
    }
  }

  @Test("a change on the bus ends the rest of a failing device")
  func changedWhileResting() async {
    let bus = PlayedBus(there: true)
    let played = Supervision(bus: bus)
    await played.running {
      #expect(await played.device.opened() == .reopen)
      played.device.fail(.broken)
      #expect(await played.board.next() == .failed(.broken))
      #expect(await played.nap() == .milliseconds(100))
      bus.set(there: true)
      await played.becomesReady()
    }
  }

  @Test("cancelling ends it at once in mid-service, in mid-rest, and while it is absent")
  func cancelling() async {
    // `running` returns when the supervisor has ended, and no clock is moved here.
    let serving = Supervision()
    await serving.running { await serving.becomesReady() }
    await serving.device.ended()
    let resting = Supervision()
    await resting.running {
      #expect(await resting.device.opened() == .reopen)
      resting.device.fail(.broken)
      #expect(await resting.nap() == .milliseconds(100))
    }
    let absent = Supervision(bus: PlayedBus(there: false))
    await absent.running { #expect(await absent.nap() == .seconds(5)) }
    #expect(absent.device.openings == 0)
  }
}

@Suite("Starting a device anew", .timeLimit(.minutes(1)))
struct RestartTests {
  @Test("each order goes one step further; two minutes of service take the ladder back")
  func ladder() async {
    let cuts = Mutex(0)
    let played = Supervision(power: { cuts.withLock { $0 += 1 } })
    await played.running {
      await played.becomesReady()
      for step: RestartStep in [.reopen, .busReset, .powerCycle, .powerCycle] {
        played.supervisor.restart()
        await played.device.ended()
        #expect(await played.board.next() == .starting)
        await played.becomesReady(step: step)
        played.clock.advance(by: .seconds(119))
      }
      #expect(cuts.withLock { $0 } == 2)
      played.clock.advance(by: .seconds(1))
      played.supervisor.restart()
      #expect(await played.board.next() == .starting)
      await played.becomesReady(step: .reopen)
    }
  }

  @Test("without a hand on the power a reset of the bus is the last step")
  func noPower() async {
    let played = Supervision()
    await played.running {
      await played.becomesReady()
      for step: RestartStep in [.reopen, .busReset, .busReset] {
        played.supervisor.restart()
        #expect(await played.board.next() == .starting)
        await played.becomesReady(step: step)
      }
    }
  }

  @Test("an order wakes a resting device; orders before it begins are one")
  func whileResting() async {
    let played = Supervision()
    await played.running {
      #expect(await played.device.opened() == .reopen)
      played.device.fail(.broken)
      #expect(await played.board.next() == .failed(.broken))
      #expect(await played.nap() == .milliseconds(100))
      played.supervisor.restart()
      #expect(await played.board.next() == .starting)
      await played.becomesReady(step: .reopen)
    }
    let idle = Supervision()
    for _ in 0..<3 { idle.supervisor.restart() }
    await idle.running { await idle.becomesReady(step: .reopen) }
  }

  @Test("three lives without an answer that a reset may mend are followed by one")
  func unasked() async {
    let played = Supervision()
    await played.running {
      for step: RestartStep in [.reopen, .reopen, .reopen, .busReset, .reopen, .reopen, .busReset] {
        #expect(await played.device.opened() == step)
        played.device.fail(.broken)
        #expect(await played.rested() != nil)
      }
      #expect(await played.device.opened() == .reopen)
      played.device.fail(.gone)
      #expect(await played.rested() != nil)
      #expect(await played.device.opened() == .reopen)
    }
  }
}

@Suite("A device that keeps failing", .timeLimit(.minutes(1)))
struct FailingDeviceTests {
  @Test("the twentieth stop within an hour is told while it serves, until an hour has passed")
  func told() async {
    let played = Supervision()
    await played.running {
      for _ in 0..<20 {
        await played.becomesReady()
        played.device.fail(.gone)
        #expect(await played.board.next() == .absent(.gone))
        #expect(await played.rested() != nil)
      }
      await played.becomesReady(as: .attention(.deviceFailing))
      played.device.fail(.broken)
      // While it is down its own trouble is what staff must hear.
      #expect(await played.board.next() == .failed(.broken))
      #expect(await played.rested() != nil)
      await played.becomesReady(as: .attention(.deviceFailing))
      played.clock.advance(by: .seconds(3600))
      played.device.answer()
      #expect(await played.board.next() == .ready)
    }
  }

  @Test("twenty stops spread over more than an hour are not")
  func spread() async {
    let played = Supervision()
    await played.running {
      for _ in 0..<30 {
        await played.becomesReady()
        played.device.fail(.gone)
        #expect(await played.board.next() == .absent(.gone))
        #expect(await played.rested() != nil)
        played.clock.advance(by: .seconds(200))
      }
      await played.becomesReady()
    }
  }

  @Test("orders of staff are no stops")
  func orders() async {
    let played = Supervision()
    await played.running {
      for _ in 0..<30 {
        #expect(await played.device.opened() != nil)
        played.device.answer()
        #expect(await played.board.next() == .ready)
        played.supervisor.restart()
        #expect(await played.board.next() == .starting)
      }
      #expect(await played.device.opened() != nil)
      played.device.answer()
      #expect(await played.board.next() == .ready)
    }
  }
}
