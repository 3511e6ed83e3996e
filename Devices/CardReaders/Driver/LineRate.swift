// SPDX-License-Identifier: Apache-2.0

import DeviceLinks

/// How the speed of a reader's serial line is changed after each opening. The reader keeps
/// the new speed until its power goes, so a link may be opened to it at either.
public struct LineRate: Sendable {
  /// The speed at which the link is opened.
  public var first: BaudRate
  public var working: BaudRate
  /// Sets the speed of this end.
  public var set: @Sendable (any ByteLink, BaudRate) async throws(LinkFault) -> Void

  public init(
    first: BaudRate, working: BaudRate,
    set: @escaping @Sendable (any ByteLink, BaudRate) async throws(LinkFault) -> Void
  ) {
    self.first = first
    self.working = working
    self.set = set
  }

  /// Brings both ends to the working speed; both stay at the first one where the reader
  /// does not know the command.
  func change<Time>(_ conversation: SDTConversation<Time>) async throws(ReaderFault) {
    guard first != working else { return }
    switch await outcome(of: .setRate(working), conversation) {
    case .success(let reply) where reply.status.meaning != .success: return
    case .success: break
    case .failure(.wrongModel): return
    // No answer, or none that is understood: it may work at the other speed already.
    case .failure(.silent), .failure(.garbled): break
    case .failure(let fault): throw fault
    }
    try await set(working, on: conversation)
    switch await outcome(of: .moduleState, conversation) {
    // It answers at this speed, whatever it says.
    case .success, .failure(.wrongModel), .failure(.moduleDown), .failure(.notAuthorised): return
    case .failure(.silent), .failure(.garbled): try await set(first, on: conversation)
    case .failure(let fault): throw fault
    }
  }

  private func outcome<Time>(
    of request: SDTRequest, _ conversation: SDTConversation<Time>
  ) async -> Result<SDTReply, ReaderFault> {
    do throws(ReaderFault) {
      return .success(try await conversation.ask(request))
    } catch {
      return .failure(error)
    }
  }

  private func set<Time>(
    _ rate: BaudRate, on conversation: SDTConversation<Time>
  ) async throws(ReaderFault) {
    do throws(LinkFault) {
      try await set(conversation.link, rate)
    } catch {
      throw ReaderFault(error)
    }
    try await conversation.clear()
  }
}
