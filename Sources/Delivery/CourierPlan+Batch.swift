// SPDX-License-Identifier: Apache-2.0

import Records

extension CourierPlan {
  /// At most `limit` of `window` that may go together, in an order in which each comes after
  /// what it follows.
  ///
  /// - Parameter blocked: on their way, set aside, or seen and left: nothing that follows one
  ///   of these goes before it.
  func compose(_ window: [Envelope], limit: Int, blocked: Set<EnvelopeID>) -> [Envelope] {
    var batch: [Envelope] = []
    var left = blocked
    var bytes = 0
    var most = limit
    for envelope in Self.ordered(window) {
      let suspicion = suspects[envelope.id]
      // The first one decides: suspects go apart, so that they do not make others suspect.
      let fits = batch.first.map { (suspects[$0.id] == nil) == (suspicion == nil) } ?? true
      let room = min(most, suspicion ?? most)
      let isFree = envelope.after.allSatisfy { !left.contains($0) }
      guard isFree, fits, batch.count < room,
        batch.isEmpty || bytes + envelope.byteCount <= CourierTiming.batchBytes
      else {
        left.insert(envelope.id)
        continue
      }
      most = room
      bytes += envelope.byteCount
      batch.append(envelope)
    }
    return batch
  }

  /// Of `window` those on which a visit waits: the outbox puts them before the oldest, which
  /// their ids show, since ids grow with time. The only one there is may be such a one.
  static func awaited(_ window: [Envelope]) -> [Envelope] {
    guard window.count > 1, var oldest = window.last?.id else { return window }
    for (index, envelope) in window.enumerated().reversed() {
      if oldest < envelope.id { return Array(window[...index]) }
      oldest = envelope.id
    }
    return []
  }

  /// `window` with each envelope behind those of the window that it follows.
  static func ordered(_ window: [Envelope]) -> [Envelope] {
    guard window.contains(where: { !$0.after.isEmpty }) else { return window }
    let places = Dictionary(window.enumerated().map { ($1.id, $0) }) { first, _ in first }
    var seen: Set<Int> = []
    var result: [Envelope] = []
    var path = Array(window.indices.reversed())
    while let index = path.last {
      let first = window[index].after.compactMap { places[$0] }.filter { !seen.contains($0) }
      // A circle, which nobody files, is broken where it closes.
      if seen.contains(index) || first.isEmpty || path.count > 4 * window.count {
        path.removeLast()
        if seen.insert(index).inserted { result.append(window[index]) }
      } else {
        path.append(contentsOf: first.reversed())
      }
    }
    return result
  }
}

extension Envelope {
  var byteCount: Int { header.count + routing.count + content.count + signature.count }
}
