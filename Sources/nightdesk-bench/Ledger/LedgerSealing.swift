// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Records
import Wire

/// What sealing and signing one application costs, beside the bare cryptography of it.
enum LedgerSealing {
  static func measure(_ workshop: Workshop) async throws -> [Row] {
    Progress.say("ledger: seal + sign")
    let terminal = try SampleTerminal(allotment: try SampleTerminal.sampleAllotment())
    let count = workshop.count(2000, quick: 200)
    let sealing = Sealing(terminal: terminal)
    let played = try await Rounds.play(
      workshop.rounds, { _ in try await OwnThread.run { try sealing.bare(count) } },
      { _ in try await OwnThread.run { try sealing.whole(count) } })
    let microseconds = { (laps: Laps) in laps.seconds.median.map { $0 * 1e6 } ?? 0 }
    return [
      Row(
        name: "ledger.seal",
        what: "sealing and signing one application (median); floor: the bare HPKE, SHA-256, Ed25519",
        unit: "us", ours: played.second.map(microseconds), floor: played.first.map(microseconds),
        goal: .atMost(150))
    ]
  }

  private struct Sealing: Sendable {
    let terminal: SampleTerminal

    func whole(_ count: Int) throws -> Laps {
      var laps = Laps(capacity: count)
      for sequence in 0..<count {
        let submission = SampleFiling.submission(try terminal.reserve(sequence + 1), chance: SystemChance())
        let start = Stopwatch.now
        _ = try terminal.sealer.seal(submission)
        laps.add(Stopwatch.now - start)
      }
      return laps
    }

    /// Seals the same sizes for the same suite, takes the digests of what is sealed, and signs
    /// as many bytes as a header has.
    func bare(_ count: Int) throws -> Laps {
      let sample = try terminal.sealer.seal(
        SampleFiling.submission(try terminal.reserve(1), chance: SystemChance()))
      let keys = [0, 1].map { _ in Curve25519.KeyAgreement.PrivateKey().publicKey }
      let signer = Curve25519.Signing.PrivateKey()
      let parts = [sample.routing, sample.content].map { Data($0.dropFirst(48)) }
      var laps = Laps(capacity: count)
      for sequence in 0..<count {
        // As before each lap of the whole, so that the caches are left alike.
        _ = SampleFiling.submission(try terminal.reserve(sequence + 1), chance: SystemChance())
        let start = Stopwatch.now
        for (part, key) in zip(parts, keys) {
          var sender = try HPKE.Sender(
            recipientKey: key, ciphersuite: .Curve25519_SHA256_ChachaPoly, info: Data())
          _ = SHA256.hash(data: try sender.seal(part, authenticating: sample.header))
        }
        _ = try signer.signature(for: sample.header)
        laps.add(Stopwatch.now - start)
      }
      return laps
    }
  }
}

enum Progress {
  /// To standard error, so that it stands beside the table, not in it.
  static func say(_ words: String) { FileHandle.standardError.write(Data((words + "\n").utf8)) }
}
