// SPDX-License-Identifier: Apache-2.0

extension CentreSchema {
  /// What each envelope adds to the counters.
  private static let parts: [(column: String, of: @Sendable (String) -> String)] = [
    ("applications", { "\($0).kind = 'application' AND \($0).state != 'refused'" }),
    ("withdrawals", { "\($0).kind = 'withdrawal' AND \($0).state != 'refused'" }),
    ("corrections", { "\($0).kind = 'correction' AND \($0).state != 'refused'" }),
    ("told", { "\($0).kind = 'told' AND \($0).state != 'refused'" }),
    ("ratings", { "\($0).kind = 'rating' AND \($0).state != 'refused' AND \($0).rating IS NOT NULL" }),
    ("invited", { "\($0).kind = 'rating' AND \($0).state != 'refused' AND \($0).rating IS NULL" }),
    ("refused", { "\($0).state = 'refused'" }),
    ("open_tasks", { "\($0).state = 'refused' AND \($0).settled_at IS NULL" }),
    ("held", { "\($0).state = 'held'" }),
    ("deliveries", { "\($0).deliveries" }),
    ("repeats", { "\($0).deliveries - 1" }),
    ("unsigned_count", { "\($0).sender IS NOT NULL" }),
    ("unsigned_bytes", { "iif(\($0).sender IS NULL, 0, \(size($0)))" }),
  ]

  /// Bytes that an envelope brings along.
  static func size(_ row: String) -> String {
    "length(\(row).header) + length(\(row).routing) + length(\(row).content) + 64"
  }

  private static func sum(_ sign: String, _ row: String) -> String {
    parts.map { "\($0.column) = \($0.column) \(sign) (\($0.of(row)))" }.joined(separator: ", ")
  }

  private static let difference = parts.map {
    "\($0.column) = \($0.column) + (\($0.of("NEW"))) - (\($0.of("OLD")))"
  }.joined(separator: ", ")

  private static func room(_ sign: String, _ row: String) -> String {
    """
    INSERT INTO unsigned_room (sender, count, bytes) VALUES (\(row).sender, 1, \(size(row)))
    ON CONFLICT DO UPDATE SET count = count \(sign) 1, bytes = bytes \(sign) excluded.bytes;
    """
  }

  /// What the counters must say, from the rows themselves.
  static let recount = """
    SELECT \(parts.map { "coalesce(sum(\($0.of("envelope"))), 0) AS \($0.column)" }
      .joined(separator: ", ")),
      (SELECT dropped FROM tally) AS dropped, (SELECT dropped_bytes FROM tally) AS dropped_bytes
    FROM envelope
    """

  /// Counters that the schema itself keeps, so that no path of the code can forget them.
  static let tally = """
    CREATE TABLE tally (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      \(parts.map { "\($0.column) INTEGER NOT NULL DEFAULT 0 CHECK (\($0.column) >= 0)" }
        .joined(separator: ",\n  ")),
      dropped INTEGER NOT NULL DEFAULT 0,
      dropped_bytes INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO tally (one, \(parts.map(\.column).joined(separator: ", ")))
    SELECT 1, \(parts.map { "coalesce(sum(\($0.of("envelope"))), 0)" }.joined(separator: ", "))
    FROM envelope;

    CREATE TABLE unsigned_room (
      sender TEXT PRIMARY KEY,
      count INTEGER NOT NULL,
      bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO unsigned_room
    SELECT sender, count(*), sum(\(size("envelope"))) FROM envelope
    WHERE sender IS NOT NULL GROUP BY sender;

    CREATE TRIGGER tally_of_a_new_one AFTER INSERT ON envelope BEGIN
      UPDATE tally SET \(sum("+", "NEW"));
    END;
    CREATE TRIGGER tally_of_one_less AFTER DELETE ON envelope BEGIN
      UPDATE tally SET \(sum("-", "OLD"));
    END;
    CREATE TRIGGER tally_of_a_change AFTER UPDATE ON envelope BEGIN
      UPDATE tally SET \(difference);
    END;
    CREATE TRIGGER room_taken AFTER INSERT ON envelope WHEN NEW.sender IS NOT NULL BEGIN
      \(room("+", "NEW"))
    END;
    CREATE TRIGGER room_given_back AFTER DELETE ON envelope WHEN OLD.sender IS NOT NULL BEGIN
      \(room("-", "OLD"))
      DELETE FROM unsigned_room WHERE sender = OLD.sender AND count = 0;
    END;
    """
}
