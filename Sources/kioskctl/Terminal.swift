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

/// The terminal as `kioskctl` reaches it: through its control socket while kioskd runs,
/// else by taking the ledger's lock itself.
struct Terminal {
  let start: StartFile

  /// Nil when no kioskd answers on the socket.
  func ask<Value: Decodable>(_ type: Value.Type, _ path: String) async throws -> Value? {
    let socket = start.folders.control
    guard FileManager.default.fileExists(atPath: socket),
      let url = URL(httpURLWithSocketPath: socket, uri: path)
    else { return nil }
    let request = HTTPClientRequest(url: url.absoluteString)
    let response: HTTPClientResponse
    do {
      response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
    } catch {
      return nil
    }
    guard response.status == .ok else {
      throw Refusal(
        "kioskd cannot answer that now (\(response.status.code)); `kioskctl doctor` says what is wrong")
    }
    let body = try await response.body.collect(upTo: 64 << 20)
    return try StrictJSON.decode(
      type, from: Array(body.readableBytesView), limits: .init(depth: 64, bytes: 64 << 20))
  }

  /// The ledger's own file, when no kioskd holds it.
  func ledger() throws -> Ledger {
    let path = start.folders.ledger
    guard FileManager.default.fileExists(atPath: path) else {
      throw Refusal("\(path): there is no ledger yet")
    }
    do throws(OpenFault) {
      return try Ledger.inspect(path: path, clock: StillClock(), chance: NoChance())
    } catch .heldByAnother(let process) {
      let owner = process.map { "process \($0)" } ?? "another process"
      throw Refusal("\(owner) holds the ledger but does not answer on \(start.folders.control)")
    } catch .broken {
      throw Refusal("\(path) is damaged; do not delete it, move it aside whole")
    } catch .notDurable {
      throw Refusal("\(path) lies where nothing can be kept durably")
    } catch .cannotOpen(let why) {
      throw Refusal("\(path): \(why)")
    }
  }
}

/// Looking at a ledger writes no times and takes no ids.
private struct StillClock: WallTime {
  func now() -> QualifiedTime { QualifiedTime(at: Timestamp(milliseconds: 0), quality: .unknown) }
}

private struct NoChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
