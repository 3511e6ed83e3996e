// SPDX-License-Identifier: Apache-2.0

import Matters
import Records
import Wire

/// How a look for a newer catalogue ended. In each case the one in force stays good.
public enum CatalogueReport: Hashable, Sendable {
  /// There is none newer.
  case current(version: Int)
  /// On the disk; in force from the next visit on.
  case taken(version: Int)
  /// Too few signers of the root document signed it, or it is no such document.
  case unsigned
  /// Signed, but not taken.
  case refused(CatalogueObjection)
  case trouble(LinkTrouble)
}

/// Keeps the catalogue in force the newest: asks by version, verifies before anything is read,
/// and hands on, until there is none newer. At start, every hour, and when told.
public struct CatalogueUpdates<Time: Clock<Duration>>: Sendable {
  private let link: any CentralLink
  private let root: RootDocument
  private let keeping: any CatalogueKeeping
  private let chance: (any RandomSource)?
  private let clock: Time
  private let now: any WallTime
  private let report: @Sendable (CatalogueReport) -> Void
  private let order = StandingOrder()

  /// - Parameters:
  ///   - root: whose signatures count.
  ///   - chance: spreads the hourly look over five minutes.
  public init(
    link: any CentralLink, root: RootDocument, keeping: any CatalogueKeeping,
    chance: (any RandomSource)? = nil, clock: Time, now: any WallTime,
    report: @escaping @Sendable (CatalogueReport) -> Void
  ) {
    self.link = link
    self.root = root
    self.keeping = keeping
    self.chance = chance
    self.clock = clock
    self.now = now
    self.report = report
  }

  /// Asks soon, whether or not an hour is over.
  public func look() { order.call() }

  /// Asks until the task is cancelled.
  public func run() async {
    await order.run(clock: clock, chance: chance, every: .seconds(3600), first: .seconds(10)) {
      await update()
    }
  }

  /// One look; true when the newest is in force.
  func update() async -> Bool {
    var whole = false
    while !Task.isCancelled {
      let held = await keeping.version()
      do throws(LinkTrouble) {
        guard let document = try await link.catalogue(after: whole ? 0 : held) else {
          report(.current(version: held))
          return true
        }
        switch await take(document) {
        case .taken(let version) where version > held:
          report(.taken(version: version))
          whole = false
        // The whole newest is the one in force.
        case .refused(.notNewer(held)) where whole:
          report(.current(version: held))
          return true
        case .refused(.needsWhole) where !whole: whole = true
        case let outcome:
          report(outcome)
          return false
        }
      } catch {
        if !Task.isCancelled { report(.trouble(error)) }
        return false
      }
    }
    return false
  }

  private func take(_ document: [UInt8]) async -> CatalogueReport {
    let payload: [UInt8]
    do throws(WireFault) {
      payload = try CatalogueDocument.verify(document, root: root)
    } catch {
      return .unsigned
    }
    do throws(CatalogueObjection) {
      return .taken(version: try await keeping.take(payload, at: now.now().at))
    } catch {
      return .refused(error)
    }
  }
}
