// SPDX-License-Identifier: Apache-2.0

import Matters
import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

/// Keeps a version; its payloads are `whole:3` or `2>3`.
private final class KeepingDouble: CatalogueKeeping {
  let held: Mutex<Int>

  init(_ version: Int) { held = Mutex(version) }

  func version() async -> Int { held.withLock { $0 } }

  func take(_ payload: [UInt8], at time: Timestamp) async throws(CatalogueObjection) -> Int {
    let words = String(decoding: payload, as: UTF8.self).split { ":>".contains($0) }
    guard let last = words.last, let version = Int(last) else { throw .faulty(["not a catalogue"]) }
    let inForce = held.withLock { $0 }
    if let from = Int(words[0]), from != inForce { throw .needsWhole }
    guard version > inForce else { throw .notNewer(inForce: inForce) }
    held.withLock { $0 = version }
    return version
  }
}

@Suite(.timeLimit(.minutes(1)))
struct CatalogueUpdatesTests {
  private let link = LinkDouble()
  private let clock = ManualClock()
  private let key = SigningKey.generated()
  private let reports = Reports<CatalogueReport>()

  private func signed(
    _ payload: String, by other: SigningKey? = nil
  ) throws -> Result<[UInt8]?, LinkTrouble> {
    .success(try CatalogueDocument.sign(Array(payload.utf8), key: other ?? key))
  }

  private func updates(_ keeping: KeepingDouble) -> CatalogueUpdates<ManualClock> {
    CatalogueUpdates(
      link: link, root: RootDocument(version: 1, signers: [.init(publicKey: key.publicKey)], threshold: 1),
      keeping: keeping, clock: clock, now: StandingTime(),
      report: { [reports] in reports.add($0) })
  }

  @Test func itTakesOneDifferenceAfterAnotherUntilThereIsNoneNewer() async throws {
    let documents = [try signed("1>2"), try signed("2>3")]
    link.catalogues.withLock { $0 = documents }
    let keeping = KeepingDouble(1)
    #expect(await updates(keeping).update())
    #expect(reports.all == [.taken(version: 2), .taken(version: 3), .current(version: 3)])
    #expect(link.asked.withLock { $0 } == [1, 2, 3])
  }

  @Test func aDifferenceToAnotherVersionMakesItAskForTheWhole() async throws {
    let documents = [try signed("7>8"), try signed("whole:8")]
    link.catalogues.withLock { $0 = documents }
    #expect(await updates(KeepingDouble(5)).update())
    #expect(link.asked.withLock { $0 } == [5, 0, 8])
    #expect(reports.all == [.taken(version: 8), .current(version: 8)])
  }

  @Test func whatTheWrongKeySignedIsReportedAndTheOldStays() async throws {
    let documents = [try signed("whole:9", by: SigningKey.generated())]
    link.catalogues.withLock { $0 = documents }
    let keeping = KeepingDouble(5)
    #expect(await !updates(keeping).update())
    #expect(reports.all == [.unsigned])
    #expect(await keeping.version() == 5)
  }

  @Test func anOldOneSignedIsNotTakenAndNotAskedForInACircle() async throws {
    let documents = [try signed("whole:4"), try signed("whole:4")]
    link.catalogues.withLock { $0 = documents }
    #expect(await !updates(KeepingDouble(5)).update())
    #expect(reports.all == [.refused(.notNewer(inForce: 5))])
    #expect(link.asked.withLock { $0 } == [5])
  }

  @Test func aFaultyOneIsNotFetchedAgainAtOnceEvenWhenTold() async throws {
    let documents = [try signed("rubbish"), try signed("rubbish"), try signed("whole:6")]
    link.catalogues.withLock { $0 = documents }
    let updates = updates(KeepingDouble(5))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await updates.run() }
      for _ in 0..<2 {
        updates.look()
        await clock.pass(.seconds(5)...(.seconds(20)))
      }
      // An hour after the good one.
      await clock.pass(.seconds(3000)...(.seconds(3600)))
      group.cancelAll()
    }
    let faulty = CatalogueReport.refused(.faulty(["not a catalogue"]))
    #expect(reports.all.prefix(4) == [faulty, faulty, .taken(version: 6), .current(version: 6)])
  }

  @Test func itLooksWhenTold() async throws {
    let updates = updates(KeepingDouble(5))
    let later = try signed("whole:6")
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await updates.run() }
      var naps = clock.naps.makeAsyncIterator()
      _ = await naps.next()
      link.catalogues.withLock { $0 = [later] }
      updates.look()
      _ = await naps.next()
      group.cancelAll()
    }
    #expect(reports.all == [.current(version: 5), .taken(version: 6), .current(version: 6)])
  }
}
