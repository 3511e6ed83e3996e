// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Plays all sides in turn, round by round, so that whatever else the machine does meets
/// each of them alike.
enum Rounds {
  typealias Side<Value> = (_ round: Int) async throws -> Value

  static func play<A, B>(
    _ count: Int, _ first: Side<A>, _ second: Side<B>
  ) async throws -> (first: [A], second: [B]) {
    var all: (first: [A], second: [B]) = ([], [])
    for round in 0..<count {
      all.first.append(try await first(round))
      all.second.append(try await second(round))
    }
    return all
  }

  static func play<A, B, C>(
    _ count: Int, _ first: Side<A>, _ second: Side<B>, _ third: Side<C>
  ) async throws -> (first: [A], second: [B], third: [C]) {
    var all: (first: [A], second: [B], third: [C]) = ([], [], [])
    for round in 0..<count {
      all.first.append(try await first(round))
      all.second.append(try await second(round))
      all.third.append(try await third(round))
    }
    return all
  }

  static func play<A, B, C, D>(
    _ count: Int, _ first: Side<A>, _ second: Side<B>, _ third: Side<C>, _ fourth: Side<D>
  ) async throws -> (first: [A], second: [B], third: [C], fourth: [D]) {
    var all: (first: [A], second: [B], third: [C], fourth: [D]) = ([], [], [], [])
    for round in 0..<count {
      all.first.append(try await first(round))
      all.second.append(try await second(round))
      all.third.append(try await third(round))
      all.fourth.append(try await fourth(round))
    }
    return all
  }
}

/// Seconds of the boot's own clock, the same in every process.
enum Stopwatch {
  static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}

/// How long each of many acts took, in seconds.
struct Laps: Sendable {
  private(set) var seconds: [Double] = []

  init(capacity: Int) { seconds.reserveCapacity(capacity) }

  mutating func add(_ lap: Double) { seconds.append(lap) }

  /// Acts a second.
  var rate: Double { Double(seconds.count) / seconds.sum }
}
