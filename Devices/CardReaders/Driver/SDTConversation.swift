// SPDX-License-Identifier: Apache-2.0

import DeviceLinks

/// Request and answer over one open link.
struct SDTConversation<Time: Clock<Duration>> {
  let link: any ByteLink
  let model: ReaderModel
  let clock: Time

  /// More bytes than any answer, with room for noise.
  private static var mostBytes: Int { 8192 }

  /// The answer to `request`. A damaged frame is `garbled` at once; what follows it is not
  /// trusted. Answers that came too late for an earlier request are passed over.
  func ask(_ request: SDTRequest) async throws(ReaderFault) -> SDTReply {
    let patience = model.patience(for: request)
    let deadline = clock.now.advanced(by: patience)
    var decoder = SDTDecoder()
    var count = 0
    var came = try await receive(after: request, within: patience)
    while let bytes = came {
      count += bytes.count
      for result in decoder.take(bytes) {
        guard case .success(let reply) = result else { throw .garbled }
        if request.isAnswered(by: reply) { return try trusted(reply) }
      }
      let left = clock.now.duration(to: deadline)
      came = left > .zero && count < Self.mostBytes ? try await receive(within: left) : nil
    }
    throw count == 0 ? .silent : .garbled
  }

  /// Throws away what lies there from earlier requests.
  func clear() async throws(ReaderFault) {
    for _ in 0..<16 {
      guard try await receive(within: .zero) != nil else { return }
    }
  }

  /// From one look at the reader to the next.
  func rest() async throws(ReaderFault) {
    do throws(LinkFault) {
      try await link.rest(for: model.poll, by: clock)
    } catch {
      throw ReaderFault(error)
    }
  }

  private func trusted(_ reply: SDTReply) throws(ReaderFault) -> SDTReply {
    switch reply.status.blame {
    case .nobody, .card: return reply
    case .line: throw .garbled
    case .model: throw .wrongModel
    case .module: throw .moduleDown
    case .authority: throw .notAuthorised
    }
  }

  /// What came, or nothing when nothing did.
  private func receive(
    after request: SDTRequest? = nil, within patience: Duration
  ) async throws(ReaderFault) -> [UInt8]? {
    do throws(LinkFault) {
      guard let request else { return try await link.read(upTo: 2048, within: patience) }
      return try await link.turn(request.frame, upTo: 2048, within: patience)
    } catch {
      guard error == .late else { throw ReaderFault(error) }
      return nil
    }
  }
}
