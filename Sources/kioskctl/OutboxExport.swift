// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Control
import Records
import Storage
import Upkeep
import Wire

extension OutboxCommand {
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes what waits, sealed, to a file that can be carried to the centre by hand.",
      discussion: """
        Nothing leaves the outbox by it: what arrives twice counts once.
        Example: kioskctl outbox export /media/usb/T0012.waiting
        """)

    @OptionGroup var common: Common
    @Argument(help: "The file; one of that name is replaced.") var file: String

    private static let atOnce = 200

    private struct Written: Encodable {
      var envelopes: Int
      var file: String
    }

    func run() async throws {
      let terminal = Terminal(start: try Files.start(common.profile))
      let name = try terminal.identity().terminal
      let (lines, audit) = try await waiting(at: terminal)
      let head = ExportFile.Head(
        terminal: name, at: PlainClock().now().at, envelopes: lines.count, audit: audit)
      try Files.writeSecret(
        ExportFile.line(head) + lines.flatMap { Array($0.utf8) + [10] }, to: file)
      if common.json {
        try Output.line(Written(envelopes: lines.count, file: file))
      } else {
        print("\(lines.count) envelopes in \(file)")
      }
    }

    private func waiting(at terminal: Terminal) async throws -> ([String], AuditHead?) {
      if let first = try await terminal.ask(ExportPart.self, Self.path(after: 0)) {
        return try await all(from: first) { row in
          guard let part = try await terminal.ask(ExportPart.self, Self.path(after: row)) else {
            throw Refusal("kioskd ended while it answered; run this again")
          }
          return part
        }
      }
      return try await terminal.withLedger { ledger in
        try await all(from: Self.part(of: ledger, after: 0)) {
          try await Self.part(of: ledger, after: $0)
        }
      }
    }

    private static func path(after row: Int64) -> String { "/v1/export?after=\(row)&limit=\(atOnce)" }

    private static func part(of ledger: Ledger, after row: Int64) async throws -> ExportPart {
      let found = try await ledger.export(after: row, limit: atOnce)
      return ExportPart(
        lines: found.map { String(decoding: ExportFile.line($0.envelope).dropLast(), as: UTF8.self) },
        last: found.last?.row, audit: try? await ledger.head())
    }

    private func all(
      from first: ExportPart, _ next: (Int64) async throws -> ExportPart
    ) async throws -> ([String], AuditHead?) {
      var part = first
      var lines: [String] = []
      while let last = part.last {
        lines += part.lines
        part = try await next(last)
      }
      return (lines, part.audit)
    }
  }
}
