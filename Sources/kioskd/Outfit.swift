// SPDX-License-Identifier: Apache-2.0

import CardReaders
import CodeScanners
import DeviceKit
import Foundation
import ReceiptPrinters
import Upkeep

/// The models that this terminal knows, and which of them serves at which of its places now.
struct Outfit: Sendable {
  let places: Places
  let readers: [String: ReaderModel]
  let printers: [String: PrinterModel]
  let scanners: [String: ScannerModel]
  let presences: Presences
  private let connections: [String: DeviceConnection]

  init(_ start: StartFile) throws {
    places = start.places
    var reading = ModelReading()
    readers = try reading.models(ReaderModel.self, in: try Self.files(start, .reader))
    printers = try reading.models(PrinterModel.self, in: try Self.files(start, .receiptPrinter))
    scanners = try reading.models(ScannerModel.self, in: try Self.files(start, .scanner))
    connections = [
      readers.mapValues(\.connection), printers.mapValues(\.connection), scanners.mapValues(\.connection),
    ].reduce(into: [:]) { all, some in all.merge(some) { $1 } }
    let allowed = Set(places.byName.values.flatMap(\.models))
    let identities = connections.filter { allowed.contains($0.key) }.values.compactMap(\.identity)
    presences = try Presences(places, identities: Set(identities))
    try check(.reader, Set(readers.keys))
    try check(.receiptPrinter, Set(printers.keys))
    try check(.scanner, Set(scanners.keys))
  }

  /// What serves at `place`; nil while nothing fits.
  func fitting(of place: String) -> Fitting? { fitting(of: place, on: presences.sightings()) }

  /// Lets `drive` serve with what fits at `place` until another fits there, and so on, until the
  /// task is cancelled.
  ///
  /// - Parameter exchanged: said after each exchange, before the new one serves.
  func serve(
    _ place: String, exchanged: @Sendable () -> Void = {},
    _ drive: @escaping @Sendable (Fitting?) async -> Void
  ) async {
    var fitting = fitting(of: place)
    while !Task.isCancelled {
      let former = fitting
      fitting = await withTaskGroup(of: Fitting?.self) { group in
        group.addTask {
          await drive(former)
          return former
        }
        group.addTask { await successor(to: former, at: place) }
        let next = await group.next() ?? former
        group.cancelAll()
        return next
      }
      exchanged()
    }
  }

  /// What serves at `place` once it is another than `former` and is there; `former` when the
  /// task was cancelled. One that was unplugged stays until then: it may come back.
  private func successor(to former: Fitting?, at place: String) async -> Fitting? {
    let changes = presences.changes()
    if let next = next(at: place, after: former) { return next }
    for await _ in changes {
      if let next = next(at: place, after: former) { return next }
    }
    return former
  }

  private func next(at place: String, after former: Fitting?) -> Fitting? {
    guard let next = fitting(of: place), next != former, former == nil || isThere(next) else { return nil }
    return next
  }

  private func fitting(of place: String, on bus: [USBSighting]) -> Fitting? {
    Fitting.all(of: places.byName, models: connections, on: bus, nodes: presences.nodes)[place]
  }

  private func isThere(_ fitting: Fitting) -> Bool {
    switch fitting.spot {
    case .tty(let path), .node(let path): presences.path(path)?.isThere ?? false
    case .port, .queue: true
    }
  }

  /// Every model that a place allows is known, and can hang there.
  private func check(_ kind: PlaceKind, _ known: Set<String>) throws {
    for (name, place) in places.of(kind) {
      for model in place.models {
        guard known.contains(model) else {
          throw StartFault(
            "the start-up file allows \(model) as \(name), which is not in Devices/\(kind.folder)/Models")
        }
        if connections[model] == .line, place.tty == nil {
          throw StartFault("the start-up file allows \(model) as \(name) and names no tty for it")
        }
        if connections[model] == .node, place.node == nil {
          throw StartFault("the start-up file allows \(model) as \(name) and names no node for it")
        }
        if connections[model] == .queue, place.uri == nil {
          throw StartFault("the start-up file allows \(model) as \(name) and names no uri for it")
        }
      }
    }
  }

  private static func files(_ start: StartFile, _ kind: PlaceKind) throws -> [ModelFile] {
    let folder = start.folders.models(of: kind)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try names.map { name in
      let path = "\(folder)/\(name)/\(name).json"
      return ModelFile(folder: name, path: path, bytes: try Loading.bytes(path))
    }
  }
}

extension DeviceConnection {
  fileprivate var identity: USBIdentity? {
    guard case .usb(let identity) = self else { return nil }
    return identity
  }
}
