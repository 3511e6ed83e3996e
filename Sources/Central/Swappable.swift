// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A value that is replaced while others read it: certificates, catalogues, an address that
/// is known once a door listens.
public final class Swappable<Value: Sendable>: Sendable {
  private let value: Mutex<Value>

  public init(_ value: Value) { self.value = Mutex(value) }

  public var current: Value { value.withLock { $0 } }

  public func replace(with value: Value) { self.value.withLock { $0 = value } }
}
