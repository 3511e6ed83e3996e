// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Synchronization
import Testing

/// One way to keep cases, against which the whole contract is held.
struct Way: Sendable {
  /// Opens what was kept under the folder before.
  let open: @Sendable (_ folder: String, UnsignedBound) async throws -> any ClosableStore
  /// Whether the store is closed and opened again between any two calls.
  var reopens = false

  static let sqlite = Way { folder, bound in
    try SQLiteCaseStore.open(path: folder + "/centre.sqlite", bound: bound, layingLog: false) {}
  }

  /// Another implementation joins here.
  static let implementations = [sqlite]
  static let all = implementations.flatMap { way in
    [way, Way(open: way.open, reopens: true)]
  }

  @TaskLocal static var current = sqlite
}

protocol ClosableStore: CaseStore {
  func close() async throws
}

extension SQLiteCaseStore: ClosableStore {}

/// Runs each test once for every way.
struct EveryWay: SuiteTrait, TestTrait, TestScoping {
  var ways = Way.all
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    for way in ways { try await Way.$current.withValue(way) { try await function() } }
  }
}

extension Trait where Self == EveryWay {
  /// The contract of `CaseStore`, held against each way.
  static var everyWay: EveryWay { EveryWay() }
  /// Where what is promised ends with the process: streams, many callers at once.
  static var keptOpen: EveryWay { EveryWay(ways: Way.implementations) }
}
