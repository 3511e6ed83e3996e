// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Control
import DurableSQLite
import Foundation
import NIOCore
import NIOHTTP1
import Records
import Storage
import StrictJSON
import Upkeep
import Wire

/// The terminal as `kioskctl` reaches it: through its control socket while kioskd runs,
/// else by taking the ledger's lock itself.
struct Terminal: Sendable {
  let start: StartFile

  /// Nil when no kioskd answers on the socket.
  ///
  /// - Parameter body: makes it a POST.
  func ask<Value: Decodable & Sendable>(
    _ type: Value.Type, _ path: String, posting body: [UInt8]? = nil
  ) async throws -> Value? {
    let socket = start.folders.control
    guard FileManager.default.fileExists(atPath: socket),
      let url = URL(httpURLWithSocketPath: socket, uri: path)
    else { return nil }
    var request = HTTPClientRequest(url: url.absoluteString)
    if let body {
      request.method = .POST
      request.body = .bytes(body)
    }
    guard let (status, bytes) = try await Web.answer(to: request, limit: 64 << 20) else { return nil }
    if status == .notFound { throw Self.refusal(.missing) }
    guard status == .ok else {
      throw Refusal("kioskd cannot answer that now (\(status.code)); `kioskctl doctor` says what is wrong")
    }
    return try StrictJSON.decode(type, from: bytes, limits: .init(depth: 64, bytes: 64 << 20))
  }

  /// What to say when only kioskd could have answered.
  var silence: Refusal {
    Refusal("kioskd does not answer on \(start.folders.control); is it running?")
  }

  /// Works on the ledger's own file, when no kioskd holds it.
  func withLedger<Value: Sendable>(
    _ work: (Ledger) async throws -> Value
  ) async throws -> Value {
    let path = start.folders.ledger
    guard FileManager.default.fileExists(atPath: path) else {
      throw Refusal("\(path): there is no ledger yet")
    }
    try refuseStranger()
    let ledger: Ledger
    do throws(OpenFault) {
      ledger = try inspect()
    } catch {
      throw refusal(error)
    }
    do {
      let value = try await work(ledger)
      try ledger.close()
      return value
    } catch let fault as StoreFault {
      throw Self.refusal(fault)
    }
  }

  /// What is made here must be kioskd's to open: a log or a record that belongs to another
  /// user, root for one, would shut it out of its own ledger.
  func refuseStranger() throws {
    let (folders, files) = (start.folders, FileManager.default)
    let owner = [folders.ledger, folders.allotments].lazy
      .compactMap { try? files.attributesOfItem(atPath: $0)[.ownerAccountID] as? NSNumber }.first
    guard let owner = owner?.uint32Value, owner != geteuid() else { return }
    throw Refusal(
      "\(folders.ledger) belongs to user \(owner), which must be able to open what is made here; "
        + "run this as that user: sudo -u '#\(owner)' kioskctl …")
  }

  /// The ledger's file, opened to look at it.
  func inspect() throws(OpenFault) -> Ledger {
    try Ledger.inspect(path: start.folders.ledger, clock: PlainClock(), chance: SystemChance())
  }

  private static func refusal(_ fault: StoreFault) -> Refusal {
    switch fault {
    case .missing: Refusal("the outbox has no such row; `kioskctl outbox list` shows them")
    case .full: Refusal("the disk is full or read-only")
    case .broken: Refusal("the ledger is damaged; `kioskctl ledger check` says where")
    case .outcomeUnknown: Refusal("nobody can say whether that was kept; run it again")
    case .noNumbers: Refusal("the ledger has no numbers left")
    }
  }

  func refusal(_ fault: OpenFault) -> Refusal {
    let path = start.folders.ledger
    switch fault {
    case .heldByAnother(let process):
      let owner = process.map { "process \($0)" } ?? "another process"
      return Refusal("\(owner) holds \(path); stop kioskd first if it does not answer")
    case .broken:
      return Refusal("\(path) is damaged; do not delete it: stop kioskd and run `kioskctl ledger salvage`")
    case .newer: return Refusal("\(path) was written by a newer program; nothing was touched")
    case .notDurable: return Refusal("\(path) lies where nothing can be kept durably")
    case .cannotOpen(let why): return Refusal("\(path): \(why)")
    }
  }

  func identity() throws -> TerminalIdentity {
    try TerminalIdentity.decode(try Files.bytes(start.folders.identity))
  }

  func seal() throws -> SealCheck {
    let signer = try TerminalSigner(privateKey: try Files.bytes(start.folders.terminalKey))
    return SealCheck(publicKey: signer.publicKey, identity: try identity())
  }
}

/// The machine's clock, for which nobody vouches here.
struct PlainClock: WallTime {
  func now() -> QualifiedTime {
    let milliseconds = Int64(Date().timeIntervalSince1970 * 1000)
    return QualifiedTime(at: Timestamp(milliseconds: milliseconds), quality: .running)
  }
}

/// Chance from the kernel.
struct SystemChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}
