// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

/// What people carry between centre and terminal: tickets and exported outboxes.
@Suite struct CarriedTests {
  let sample = Sample()

  @Test func `a ticket is read as a person gives it`() throws {
    let ticket = EnrolmentTicket(code: "0123456789ABCDEF", authority: [1, 2, 3])
    #expect(ticket.grouped.split(separator: "-").count == 8)
    let typed = ticket.grouped.lowercased().replacing("-", with: " ").replacing("0", with: "o")
    #expect(EnrolmentTicket(typed) == ticket)
    #expect(ticket.mark == EnrolmentTicket.mark(of: [1, 2, 3]))
    #expect(ticket.mark != EnrolmentTicket.mark(of: [1, 2, 4]))
  }

  @Test(arguments: ["", "0123-4567-89AB-CDEF", "U123456789ABCDEF0123456789ABCDEF"])
  func `what is no ticket is none`(text: String) { #expect(EnrolmentTicket(text) == nil) }

  private func export(_ envelopes: [Envelope], announced: Int? = nil) -> [UInt8] {
    let head = ExportFile.Head(
      terminal: "T0012", at: Timestamp(milliseconds: 7), envelopes: announced ?? envelopes.count,
      audit: AuditHead(entries: 2, chain: String(repeating: "a", count: 64)))
    return ExportFile.line(head) + envelopes.flatMap { ExportFile.line($0) }
  }

  @Test func `an exported outbox comes back envelope by envelope`() throws {
    let sealed = try sample.sealer().seal(sample.application())
    let (head, messages) = try ExportFile.read(export([sealed, sealed]))
    #expect(head.terminal == "T0012")
    #expect(try messages.map { try $0.envelope().0 } == [sealed, sealed])
  }

  @Test func `a file that was cut is refused, with what is missing`() throws {
    let sealed = try sample.sealer().seal(sample.application())
    #expect(throws: WireFault.malformed("2 envelopes are announced, 1 are there")) {
      try ExportFile.read(export([sealed], announced: 2))
    }
    let whole = export([sealed])
    #expect { try ExportFile.read(Array(whole.dropLast(40))) } throws: { error in
      guard case .malformed(let why) = error as? WireFault else { return false }
      return why.hasPrefix("line 2: ")
    }
    #expect(throws: WireFault.malformed("the file is empty")) { try ExportFile.read([]) }
  }

  @Test func `an event comes back as it was, one of a newer centre is passed over`() throws {
    let events: [TerminalEvent] = [
      .command(Command(id: "0f", act: "report", until: Timestamp(milliseconds: 9))),
      .catalogue(version: 7),
    ]
    for event in events {
      #expect(!event.data.contains(10))
      #expect(try TerminalEvent.decode(kind: event.kind, data: event.data) == event)
    }
    #expect(try TerminalEvent.decode(kind: "weather", data: Array("{}".utf8)) == nil)
    #expect(throws: WireFault.self) {
      try TerminalEvent.decode(kind: "catalogue", data: Array(#"{"version":7,"version":8}"#.utf8))
    }
  }

  @Test func `a catalogue is only read when its signers signed it`() throws {
    let payload = Array(#"{"version":1}"#.utf8)
    let signed = try CatalogueDocument.sign(payload, key: sample.rootKey)
    #expect(try CatalogueDocument.verify(signed, root: sample.root) == payload)
    let other = try CatalogueDocument.sign(payload, key: .generated())
    #expect(throws: WireFault.unsigned) { try CatalogueDocument.verify(other, root: sample.root) }
    // Signed, but as another kind of document.
    let settings = Canonical.encode(
      try SignedDocument(
        payloadType: SettingsDocument.payloadType, payload: payload, key: sample.rootKey))
    #expect(throws: WireFault.malformed("a document of another type")) {
      try CatalogueDocument.verify(settings, root: sample.root)
    }
  }
}
