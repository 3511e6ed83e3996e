// SPDX-License-Identifier: Apache-2.0

// Stands in each module that is built with ThreadSanitizer, before the library's own of the
// same name. When a continuation is resumed before its task waits, the library (6.3 on
// Linux) hands the value over by atomics that the sanitizer does not see. What is told here
// is that one handing over: from who resumes to who waited, under the continuation's own
// address.

@_silgen_name("__tsan_acquire")
private func acquire(_ address: UInt)
@_silgen_name("__tsan_release")
private func release(_ address: UInt)

extension CheckedContinuation {
  fileprivate var address: UInt { unsafeBitCast(self, to: UInt.self) }

  /// Tells, and resumes.
  func resume(returning value: sending T) where E == Never {
    release(address)
    resume(with: .success(value))
  }
}

/// Waits, and hears.
nonisolated(nonsending) func withCheckedContinuation<Value>(
  _ body: (CheckedContinuation<Value, Never>) -> Void
) async -> sending Value {
  // Kept, since the sanitizer forgets what was told of an address that is freed.
  var kept: CheckedContinuation<Value, Never>?
  let value = await _Concurrency.withCheckedContinuation { waiting in
    kept = waiting
    body(waiting)
  }
  withExtendedLifetime(kept) { if let kept { acquire(kept.address) } }
  return value
}
