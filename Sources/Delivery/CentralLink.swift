// SPDX-License-Identifier: Apache-2.0

import Records
import Wire

/// The terminal's one way to the centre. Each call ends soon after its task is cancelled, and
/// by itself after the link's patience.
public protocol CentralLink: Sendable {
  /// Hands a batch over; an empty one asks whether the centre is there.
  func deliver(_ batch: BatchRequest) async -> CentralAnswer

  /// - Parameter code: nil asks for the state in a word alone.
  func progress(
    of number: CaseNumber, code: ClaimCode?
  ) async throws(EnquiryFault) -> CaseProgress

  /// The next signed catalogue after `version`, as it came, unverified: a difference or the
  /// whole. Nil when `version` is the newest; 0 asks for the whole newest.
  func catalogue(after version: Int) async throws(LinkTrouble) -> [UInt8]?

  /// - Parameter request: PKCS #10, PEM.
  func certify(_ request: String) async throws(LinkTrouble) -> CertificateReply

  /// Asks, with an empty batch on a connection of its own, whether the centre takes what a
  /// terminal of these credentials brings.
  func greet(as credentials: TerminalCredentials) async throws(LinkTrouble)

  /// Tells how a command ended. `missing`: the centre never ordered it.
  func acknowledge(_ command: String, _ outcome: CommandOutcome) async throws(LinkTrouble)

  /// Opens the stream of events and hears its bytes as they come; first once without any, when
  /// it is open. Returns when the stream ends: nil when it had been open.
  ///
  /// - Parameter id: of the last event that was heard; nil for all that is still open.
  func events(
    after id: String?, hear: @escaping @Sendable ([UInt8]) async -> Void
  ) async -> LinkTrouble?
}
