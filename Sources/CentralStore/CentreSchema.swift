// SPDX-License-Identifier: Apache-2.0

import DurableSQLite

/// The form of the centre's file: the schema holds the truth, the code only asks.
enum CentreSchema {
  static let migrations = [
    Migration("1 enrolments, allotments", enrolments),
    Migration("2 envelopes", envelopes),
    Migration("3 case numbers, claims, withdrawn matters", cases),
    // One step, since a copy of the file is kept before each.
    Migration(
      "4 withdrawals, tasks, counters, terminals, events, addresses",
      [
        widerEnvelopes, envelopeIndexes, endlessSequence, tally, terminals, events, claimAddresses,
      ]
      .joined(separator: "\n")),
    Migration("5 levels of assurance", levelsOfAssurance),
    Migration(
      "6 conditions without tables of their own, cases counted by the file",
      plainConditions + "\n" + countedCases),
  ]

  private static let enrolments = """
    CREATE TABLE enrolment (
      row INTEGER PRIMARY KEY,
      terminal TEXT NOT NULL CHECK (length(terminal) BETWEEN 1 AND 64),
      area TEXT NOT NULL CHECK (area GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]'),
      public_key BLOB NOT NULL CHECK (length(public_key) = 32),
      code_hash TEXT NOT NULL UNIQUE CHECK (length(code_hash) = 64),
      enrolled_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX enrolments_of_a_terminal ON enrolment (terminal);

    CREATE TABLE allotment (
      ordinal INTEGER PRIMARY KEY CHECK (ordinal BETWEEN 1 AND 1679615),
      text TEXT NOT NULL UNIQUE CHECK (length(text) = 4),
      enrolment INTEGER NOT NULL REFERENCES enrolment (row)
    ) STRICT;
    CREATE INDEX allotments_of_an_enrolment ON allotment (enrolment);
    """

  /// `belongs`: id and number are this envelope's. Every stored one has them, and a refused
  /// one whose refusal is about something else; nobody else's junk may take them. A rating
  /// without a value was invited and not given.
  private static let envelopes = """
    CREATE TABLE envelope (
      row INTEGER PRIMARY KEY,
      id BLOB NOT NULL CHECK (length(id) = 16),
      digest BLOB NOT NULL CHECK (length(digest) = 32),
      number TEXT NOT NULL CHECK (length(number) = 24),
      kind TEXT NOT NULL CHECK (kind IN ('application', 'told', 'rating')),
      follows BLOB NOT NULL CHECK (length(follows) % 16 = 0),
      terminal TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('held', 'effective', 'refused')),
      belongs INTEGER NOT NULL CHECK (belongs IN (0, 1)),
      received_at INTEGER NOT NULL,
      deliveries INTEGER NOT NULL CHECK (deliveries >= 1),
      reason TEXT CHECK (reason IN ('unknownTerminal', 'badSignature', 'unreadable', 'idTaken',
        'numberTaken', 'foreignNumber', 'matterWithdrawn')),
      owner TEXT,
      due_at INTEGER CHECK (due_at > received_at),
      case_number TEXT UNIQUE,
      header BLOB NOT NULL,
      routing BLOB NOT NULL,
      content BLOB NOT NULL,
      signature BLOB NOT NULL CHECK (length(signature) = 64),
      matter TEXT,
      matter_version INTEGER,
      filed_at INTEGER,
      time_quality TEXT CHECK (time_quality IN ('synchronised', 'running', 'unknown')),
      assurance TEXT CHECK (assurance IN ('none', 'cardRead')),
      claim_hash TEXT CHECK (length(claim_hash) = 64),
      told TEXT CHECK (told IN ('printed', 'shown', 'unknown')),
      rating INTEGER CHECK (rating BETWEEN 1 AND 5),
      UNIQUE (id, digest),
      CHECK (state = 'refused' OR belongs = 1),
      CHECK ((state = 'refused') = (reason IS NOT NULL)),
      CHECK ((reason IS NULL) = (owner IS NULL) AND (reason IS NULL) = (due_at IS NULL)),
      CHECK ((case_number IS NOT NULL) = (state = 'effective' AND kind = 'application')),
      CHECK (state = 'refused' OR filed_at IS NOT NULL),
      CHECK (state = 'refused' OR kind != 'application' OR matter IS NOT NULL),
      CHECK (state = 'refused' OR kind != 'told' OR told IS NOT NULL),
      CHECK ((filed_at IS NULL) = (time_quality IS NULL) AND (filed_at IS NULL) = (assurance IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX one_envelope_an_id ON envelope (id) WHERE belongs = 1;
    CREATE UNIQUE INDEX one_application_a_number ON envelope (number)
      WHERE belongs = 1 AND kind = 'application';
    CREATE INDEX envelopes_of_a_number ON envelope (number, kind);

    CREATE TABLE awaited (
      id BLOB NOT NULL CHECK (length(id) = 16),
      row INTEGER NOT NULL REFERENCES envelope (row),
      PRIMARY KEY (id, row)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX awaited_by ON awaited (row);
    """

  private static let cases = """
    CREATE TABLE case_sequence (
      area TEXT NOT NULL,
      day TEXT NOT NULL CHECK (length(day) = 8),
      last INTEGER NOT NULL CHECK (last BETWEEN 1 AND 999999),
      PRIMARY KEY (area, day)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE claim_attempt (
      number TEXT PRIMARY KEY CHECK (length(number) = 24),
      since INTEGER NOT NULL,
      wrong INTEGER NOT NULL CHECK (wrong >= 1)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE withdrawn_matter (
      matter TEXT PRIMARY KEY,
      since INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
