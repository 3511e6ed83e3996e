// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Those who wait for one word on one key: a visit for the centre's verdict on its filing.
final class Standby<Key: Hashable & Sendable, Word: Sendable>: Sendable {
  private struct Waiting {
    var next = 0
    var of: [Key: [Int: AsyncStream<Word>.Continuation]] = [:]
  }

  private let waiting = Mutex(Waiting())

  /// The keys somebody waits for.
  var keys: Set<Key> { waiting.withLock { Set($0.of.keys) } }

  /// The word on `key`; nil when the caller is cancelled first.
  ///
  /// - Parameter given: asked once after the waiting began, so that a word that was spoken
  ///   before is not missed.
  func word(on key: Key, given: () async -> Word?) async -> Word? {
    let (stream, continuation) = AsyncStream.makeStream(of: Word.self, bufferingPolicy: .bufferingOldest(1))
    let ticket = waiting.withLock { waiting in
      waiting.next += 1
      waiting.of[key, default: [:]][waiting.next] = continuation
      return waiting.next
    }
    defer { leave(key, ticket) }
    if let word = await given() { return word }
    for await word in stream { return word }
    return nil
  }

  private func leave(_ key: Key, _ ticket: Int) {
    waiting.withLock { waiting in
      waiting.of[key]?[ticket] = nil
      if waiting.of[key]?.isEmpty == true { waiting.of[key] = nil }
    }
  }

  func say(_ word: Word, on key: Key) {
    waiting.withLock { $0.of[key]?.values.forEach { $0.yield(word) } }
  }
}
