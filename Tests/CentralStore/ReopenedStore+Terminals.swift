// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records

extension ReopenedStore {
  func keepAudit(
    _ head: AuditHead, of terminal: String, at time: Timestamp
  ) async throws(StoreFault) -> AuditStanding {
    try await call { store async throws(StoreFault) in
      try await store.keepAudit(head, of: terminal, at: time)
    }
  }

  func terminals() async throws(StoreFault) -> [TerminalRecord] {
    try await call { store async throws(StoreFault) in try await store.terminals() }
  }

  func certified(_ certificate: IssuedCertificate, at time: Timestamp) async throws(StoreFault) {
    try await call { store async throws(StoreFault) in
      try await store.certified(certificate, at: time)
    }
  }

  func certified(
    _ certificate: IssuedCertificate, by right: CertificateRight, at time: Timestamp
  ) async throws(StoreFault) -> Bool {
    try await call { store async throws(StoreFault) in
      try await store.certified(certificate, by: right, at: time)
    }
  }

  func certificate(fingerprint: String) async throws(StoreFault) -> IssuedCertificate? {
    try await call { store async throws(StoreFault) in
      try await store.certificate(fingerprint: fingerprint)
    }
  }

  func revoke(terminal: String, at time: Timestamp) async throws(StoreFault) -> Int {
    try await call { store async throws(StoreFault) in
      try await store.revoke(terminal: terminal, at: time)
    }
  }

  func order(
    _ command: Command, for terminal: String, at time: Timestamp
  ) async throws(StoreFault) -> Bool {
    try await call { store async throws(StoreFault) in
      try await store.order(command, for: terminal, at: time)
    }
  }

  func announce(catalogue version: Int, at time: Timestamp) async throws(StoreFault) {
    try await call { store async throws(StoreFault) in
      try await store.announce(catalogue: version, at: time)
    }
  }

  func events(
    for terminal: String, after row: Int64, at time: Timestamp, limit: Int
  ) async throws(StoreFault) -> [StoredEvent] {
    try await call { store async throws(StoreFault) in
      try await store.events(for: terminal, after: row, at: time, limit: limit)
    }
  }

  func finish(
    command id: String, of terminal: String, _ outcome: CommandOutcome, at time: Timestamp
  ) async throws(StoreFault) -> CommandOutcome? {
    try await call { store async throws(StoreFault) in
      try await store.finish(command: id, of: terminal, outcome, at: time)
    }
  }

  func commands(of terminal: String) async throws(StoreFault) -> [CommandRecord] {
    try await call { store async throws(StoreFault) in try await store.commands(of: terminal) }
  }
}

/// Lets one in at a time, in the order of asking.
actor Turns {
  private var last: Task<Void, Never>?

  func take<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
    let former = last
    let task = Task {
      await former?.value
      return await body()
    }
    last = Task { _ = await task.value }
    return await task.value
  }
}
