// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Foundation
import Records
import Storage
import Wire

/// Ten thousand waiting applications into a centre that fails as real ones do, by our
/// courier and by an ordinary one.
enum Drain {
  struct Played: Sendable {
    var carried: Carried
    var centre: CentrePart.Report
    var items: Int

    var rate: Double { Double(items) / carried.seconds }
    var arrived: Int { centre.counts.applications + centre.counts.refused }
    var lost: Int { max(0, items - arrived) }
    var doubled: Int { max(0, arrived - items) }
  }

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    let items = workshop.count(10_000, quick: 400)
    let template = try await template(workshop, items: items)
    defer { template.remove() }
    let hasRival = workshop.python != nil
    let played = try await Rounds.play(
      workshop.rounds,
      { round -> Played? in
        guard hasRival else { return nil }
        Progress.say("delivery: the rival carries \(items), round \(round + 1)")
        return try await play(round, items, template, workshop, rival: true)
      },
      { round -> Played in
        Progress.say("delivery: ours carries \(items), round \(round + 1)")
        return try await play(round, items, template, workshop, rival: false)
      })
    return rows(rival: played.first.compactMap { $0 }, ours: played.second)
  }

  /// A centre, and a ledger with `items` waiting, three of which the centre refuses.
  static func template(_ workshop: Workshop, items: Int) async throws -> BenchFolder {
    Progress.say("delivery: \(items) applications are filed")
    let folder = try workshop.folder.inner("delivery")
    let setup = try await DeliverySetup.make(in: folder)
    let ours = try await BenchLedger.open(in: folder, terminal: try setup.terminal())
    let refused = Set([items / 4, items / 2, items * 3 / 4])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for item in stride(from: writer, to: items, by: 8) {
            let matter = refused.contains(item) ? DeliverySetup.withdrawnMatter : SampleTerminal.matter
            try await ours.file(matter: matter)
          }
        }
      }
      try await group.waitForAll()
    }
    try await writeItems(of: ours, to: folder.file("items.jsonl"), items)
    try ours.ledger.close()
    if let python = workshop.python {
      let filling = try Child.start(python, [workshop.rivals + "/courier.py", folder.path])
      guard try await filling.gone() == 0 else { throw BenchFault("the rival takes no items") }
    }
    return folder
  }

  /// For the rival: the request for each envelope, one a line, its id first.
  private static func writeItems(of ours: BenchLedger, to path: String, _ items: Int) async throws {
    let waiting = try await ours.ledger.waiting(limit: items, excluding: [])
    var text: [UInt8] = []
    for envelope in waiting {
      let request = BatchRequest(
        batch: Hex.text(envelope.id.bytes), terminal: SampleTerminal.name,
        envelopes: [EnvelopeMessage(envelope)])
      text += Canonical.encode(request) + [UInt8(ascii: "\n")]
    }
    try Data(text).write(to: URL(fileURLWithPath: path))
  }

  private static func play(
    _ round: Int, _ items: Int, _ template: BenchFolder, _ workshop: Workshop, rival: Bool
  ) async throws -> Played {
    let folder = try template.copy(to: "delivery-\(round)", of: workshop.folder)
    defer { folder.remove() }
    let centre = try Child.start(
      workshop.program,
      ["part", "centre", folder.path, "--seed", "\(round + 1)", "--items", "\(items)"])
    let port = try await centre.line()
    let courier = try rival ? rivalCourier(folder, port, workshop) : ourCourier(folder, port, items, workshop)
    _ = try await courier.line()
    courier.say("go")
    let carried = try JSONDecoder().decode(Carried.self, from: Data(try await courier.line().utf8))
    let report = try await centre.report()
    centre.end()
    courier.end()
    let played = Played(carried: carried, centre: report, items: items)
    Progress.say(
      "  \(Figure.short(carried.seconds)) s, \(played.lost) lost, \(played.doubled) doubled")
    return played
  }

  static func ourCourier(
    _ folder: BenchFolder, _ port: String, _ items: Int, _ workshop: Workshop
  ) throws -> Child {
    try Child.start(workshop.program, ["part", "courier", folder.path, port, "\(items)"])
  }

  private static func rivalCourier(
    _ folder: BenchFolder, _ port: String, _ workshop: Workshop
  ) throws -> Child {
    try Child.start(
      workshop.python ?? "python3",
      [workshop.rivals + "/courier.py", folder.path, "https://127.0.0.1:\(port)/v1/batches"])
  }
}
