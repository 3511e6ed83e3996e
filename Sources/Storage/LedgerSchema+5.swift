// SPDX-License-Identifier: Apache-2.0

import DurableSQLite

extension LedgerSchema {
  /// What has a number of its own; all else is said about a filing. Questions about filings must
  /// say it in these words, or the index does not serve them.
  static let isFiling = "kind NOT IN ('told', 'rating')"

  /// The same conditions, none of which lays a table for its words at every filing.
  static let fifth = Migration(
    "5 conditions without tables of their own",
    Migration.retelling("envelope", kinds + qualities) + Migration.retelling("slip", outcomes) + filings)

  private static let kinds = [
    Migration.alternatives("kind", [["application", "told", "rating", "withdrawal", "correction"]])
  ]
  private static let qualities = [
    Migration.alternatives("quality", [["synchronised", "running", "unknown"]])
  ]
  private static let outcomes = [
    Migration.alternatives("outcome", [["printed", "notPrinted", "unknown"]])
  ]

  private static let filings = """
    DROP INDEX one_filing_a_number;
    CREATE UNIQUE INDEX one_filing_a_number ON envelope (number) WHERE \(isFiling);
    DROP TRIGGER until_it_is_told;
    CREATE TRIGGER until_it_is_told AFTER INSERT ON envelope WHEN NEW.kind = 'told'
    BEGIN
      DELETE FROM untold WHERE row = (SELECT row FROM envelope
        WHERE number = NEW.number AND \(isFiling));
    END;
    """
}
