// SPDX-License-Identifier: Apache-2.0

import Foundation

/// For calls that block: they get a thread of their own.
enum OwnThread {
  static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }
}

/// Why a measurement cannot be made; in English, for whoever runs the bench.
struct BenchFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
