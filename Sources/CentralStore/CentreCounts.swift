// SPDX-License-Identifier: Apache-2.0

/// What `GET /v1/counts` tells.
public struct CentreCounts: Hashable, Sendable, Codable {
  /// Applications that are stored, held ones included.
  public var applications = 0
  /// Stored withdrawals and corrections, held ones included.
  public var withdrawals = 0
  public var corrections = 0
  public var told = 0
  /// Visits that were rated.
  public var ratings = 0
  /// 已邀请未评价: visits that were invited to rate and did not.
  public var invited = 0
  /// Envelopes of any kind.
  public var refused = 0
  /// Refused envelopes that nobody has looked after yet.
  public var openTasks = 0
  public var held = 0
  /// Each arrival of each envelope that is here.
  public var deliveries = 0
  /// Deliveries beyond the first of the same bytes.
  public var repeats = 0
  /// Unsigned envelopes that were not kept, or not kept for ever, for want of room.
  public var dropped = 0
  public var droppedBytes = 0

  public init() {}
}
