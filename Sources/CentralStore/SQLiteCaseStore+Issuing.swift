// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

extension SQLiteCaseStore {
  public func certified(
    _ certificate: IssuedCertificate, by right: CertificateRight, at time: Timestamp
  ) async throws(StoreFault) -> Bool {
    try await file.write { database in
      guard try right.holds(for: certificate.terminal, in: database) else { return false }
      try database.run(
        """
        INSERT INTO certificate (fingerprint, serial, terminal, not_after, issued_at)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING
        """,
        [
          certificate.fingerprint, certificate.serial, certificate.terminal,
          certificate.notAfter.milliseconds, time.milliseconds,
        ])
      return true
    }
  }
}

extension CertificateRight {
  fileprivate func holds(for terminal: String, in database: Database) throws -> Bool {
    switch self {
    case .renewal(let fingerprint):
      try database.exists(
        "SELECT 1 FROM certificate WHERE fingerprint = ? AND terminal = ? AND revoked_at IS NULL",
        [fingerprint, terminal])
    case .enrolment(let codeHash):
      try database.exists(
        """
        SELECT 1 FROM enrolment WHERE code_hash = ?1 AND terminal = ?2
          AND NOT EXISTS (SELECT 1 FROM enrolment AS later
            WHERE later.terminal = ?2 AND later.row > enrolment.row)
          AND NOT EXISTS (SELECT 1 FROM certificate
            WHERE certificate.terminal = ?2 AND revoked_at > enrolled_at)
        """, [codeHash, terminal])
    }
  }
}
