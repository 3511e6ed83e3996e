// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Records
import StrictJSON

/// Reads what a request says.
enum Asking {
  static func body(
    of request: Request, limit: Int = BodyLimit.small
  ) async throws -> [UInt8] {
    try await Array(buffer: request.body.collect(upTo: limit))
  }

  static func message<Message: Decodable>(_ type: Message.Type, in request: Request) async throws -> Message {
    let bytes = try await body(of: request)
    do throws(JSONFault) {
      return try StrictJSON.decode(type, from: bytes)
    } catch {
      throw ProblemDetails.notUnderstood(error.description)
    }
  }

  static func number(_ context: DoorContext) throws -> CaseNumber {
    guard let number = CaseNumber(context.parameters.get("number") ?? "") else {
      throw ProblemDetails.illFormedNumber
    }
    return number
  }

  static func page(_ request: Request) throws -> (cursor: Int64, limit: Int) {
    let query = request.uri.queryParameters
    guard let cursor = digits(query["cursor"] ?? "0"), let limit = digits(query["limit"] ?? "100"),
      (1...500).contains(limit)
    else { throw ProblemDetails.illFormedPage }
    return (cursor, Int(limit))
  }

  static func isOpen(_ request: Request) throws -> Bool? {
    guard let asked = request.uri.queryParameters["open"] else { return nil }
    guard let open = Bool(String(asked)) else { throw ProblemDetails.illFormedPage }
    return open
  }

  /// A number of 1 to 18 digits, and nothing else.
  static func digits(_ text: some StringProtocol) -> Int64? {
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    return Int64(text)
  }
}
