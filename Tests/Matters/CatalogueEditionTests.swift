// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records
import StrictJSON
import Testing

@testable import Matters

/// Chance that is the same in each run.
private struct Dice {
  var state: UInt64

  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % sides
  }

  /// Takes out, changes, moves and adds entries, as editors do.
  mutating func edit<Entry>(
    _ list: [Entry], change: (inout Entry, Int) -> Void, rename: (inout Entry, Int) -> Void
  ) -> [Entry] {
    var list = list
    for turn in 0..<(1 + roll(12)) where !list.isEmpty {
      let place = roll(list.count)
      switch roll(5) {
      case 0: list.remove(at: place)
      case 1: change(&list[place], turn)
      case 2:
        let moved = list.remove(at: place)
        list.insert(moved, at: roll(list.count + 1))
      case 3:
        var another = list[place]
        rename(&another, roll(1 << 30))
        list.insert(another, at: roll(list.count + 1))
      default: if list.count > 2, roll(3) == 0 { list.shuffle(by: &self) }
      }
    }
    return list
  }

  mutating func edit(_ old: Catalogue) -> Catalogue {
    var meta = old.meta
    if roll(2) == 0 { meta.notice += "改" }
    var enums = old.enums
    if roll(3) == 0 { enums.useLevel["9"] = "街道" }
    return Catalogue(
      meta: meta, enums: enums,
      regions: edit(
        old.regions, change: { $0.nameEn += "\($1)" }, rename: { $0.code = "9\($1)" }),
      departments: edit(
        old.departments, change: { $0.nameZh += "\($1)" }, rename: { $0.id = "new-\($1)" }),
      certificates: old.certificates,
      matters: edit(
        old.matters, change: { $0.version += $1 + 1 }, rename: { $0.id = "new-\($1)" }),
      bundles: edit(old.bundles, change: { $0.note += "\($1)" }, rename: { $0.id = "new-\($1)" }),
      promiseTemplates: roll(4) == 0 ? [] : old.promiseTemplates)
  }
}

extension Array {
  fileprivate mutating func shuffle(by dice: inout Dice) {
    for place in indices.dropFirst().reversed() { swapAt(place, dice.roll(place + 1)) }
  }
}

private func json(_ value: some Encodable) throws -> [UInt8] { [UInt8](try JSONEncoder().encode(value)) }

@Suite struct CatalogueEditionTests {
  @Test("what lies between two catalogues, made to the one, gives the other", arguments: 1...60)
  func between(seed: Int) throws {
    var dice = Dice(state: UInt64(seed))
    let start = try Tree.catalogue()
    let (old, new) = (dice.edit(start), dice.edit(start))
    for (from, to) in [(old, new), (new, old), (start, new), (old, start), (old, old)] {
      let changes = try #require(CatalogueChanges.between(from, to))
      #expect(try from.applying(changes) == to)
      // And over the wire.
      let edition = CatalogueEdition(version: 8, from: 7, changes: changes)
      let read = try StrictJSON.decode(CatalogueEdition.self, from: try json(edition))
      #expect(read == edition)
    }
  }

  @Test("between equal catalogues lies nothing")
  func nothing() throws {
    let catalogue = try Tree.catalogue()
    let changes = try #require(CatalogueChanges.between(catalogue, catalogue))
    #expect(String(decoding: try json(changes), as: UTF8.self) == "{}")
  }

  @Test("a few matters travel as a few matters, moved ones among them")
  func small() throws {
    let old = try Tree.catalogue()
    var matters = old.matters
    matters[3].summaryZh += "。"
    matters.append(matters.remove(at: 0))
    let new = Catalogue(
      meta: old.meta, enums: old.enums, regions: old.regions, departments: old.departments,
      certificates: old.certificates, matters: matters, bundles: old.bundles,
      promiseTemplates: old.promiseTemplates)
    let changes = try #require(CatalogueChanges.between(old, new))
    #expect(changes.matters?.changed.map(\.id) == [old.matters[3].id])
    #expect(changes.matters?.placed.map(\.entry.id) == [old.matters[0].id])
    let whole = try json(CatalogueEdition(version: 2, whole: new)).count
    let difference = try json(CatalogueEdition(version: 2, from: 1, changes: changes)).count
    #expect(difference * 10 < whole, "\(difference) of \(whole) bytes")
  }

  @Test("a whole edition is read back as it was")
  func whole() throws {
    let edition = CatalogueEdition(version: 1, whole: try Tree.catalogue())
    #expect(try StrictJSON.decode(CatalogueEdition.self, from: try json(edition)) == edition)
  }

  @Test("changes to another catalogue are refused at their place")
  func foreign() throws {
    let old = try Tree.catalogue()
    func refused(_ edit: (inout ListChanges<Matter>) -> Void) throws -> CatalogueFault {
      var matters = ListChanges<Matter>(gone: [], changed: [], placed: [])
      edit(&matters)
      let changes = CatalogueChanges(matters: matters)
      return try #require(throws: CatalogueFault.self) { try old.applying(changes) }
    }
    var stranger = old.matters[0]
    stranger.id = "stranger"
    #expect(try refused { $0.gone = ["nobody"] }.place == "changes.matters.gone")
    #expect(try refused { $0.changed = [stranger] }.place == "changes.matters.changed")
    #expect(
      try refused { $0.placed = [.init(after: "nobody", entry: stranger)] }.place
        == "changes.matters.placed")
    #expect(
      try refused { $0.placed = [.init(after: "stranger", entry: stranger)] }.place
        == "changes.matters.placed")
    #expect(
      try refused {
        $0.placed = [.init(after: nil, entry: stranger), .init(after: nil, entry: stranger)]
      }.place == "changes.matters.placed[1].after")
  }

  @Test("an id that stands twice cannot be sent as a difference")
  func doubled() throws {
    let old = try Tree.catalogue()
    var new = old
    new.regions.append(new.regions[0])
    #expect(CatalogueChanges.between(old, new) == nil)
  }

  @Test(
    "an edition that contradicts itself is refused",
    arguments: [
      ("{\"version\":0,\"from\":null,\"changes\":{}}", "version"),
      ("{\"version\":2,\"from\":null,\"changes\":{}}", "changes"),
      ("{\"version\":2,\"from\":2,\"changes\":{}}", "from"),
      ("{\"version\":2,\"from\":0,\"changes\":{}}", "from"),
      ("{\"version\":2,\"from\":1,\"changes\":{},\"catalogue\":{}}", "catalogue"),
      ("{\"version\":2,\"changes\":{}}", "from"),
      ("{\"version\":2,\"from\":1,\"changes\":{\"matter\":{}}}", "changes.matter"),
    ])
  func contradiction(text: String, place: String) throws {
    let fault = try #require(throws: JSONFault.self) {
      try StrictJSON.decode(CatalogueEdition.self, from: Array(text.utf8))
    }
    #expect(fault.place == place, "\(fault)")
  }
}
