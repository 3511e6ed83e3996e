// SPDX-License-Identifier: Apache-2.0

import Records

/// Why a catalogue that came was not taken. The one in force stays.
public enum CatalogueObjection: Error, Hashable, Sendable {
  /// Not newer than the one in force.
  case notNewer(inForce: Int)
  /// A difference to another version than the one in force: the whole one is needed.
  case needsWhole
  /// Every fault with its place, in English; the first fifty and how many more.
  case faulty([String])
  /// Good, but the disk does not take it.
  case notKept
}

/// Keeps the catalogue in force over restarts and takes newer ones. Kept by Storage, filled
/// by Delivery; a running visit keeps the one it began with.
public protocol CatalogueKeeping: Sendable {
  /// Version of the signed catalogue in force; 0 while it is the installed file.
  func version() async -> Int
  /// Takes the verified payload of a `CatalogueDocument`, whole or a difference; on return it
  /// is on the disk and in force from the next visit on. Returns its version.
  func take(_ payload: [UInt8], at time: Timestamp) async throws(CatalogueObjection) -> Int
}
