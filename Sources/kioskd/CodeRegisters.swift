// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CodeScanners
import DeviceKit
import Foundation
import NIOCore
import NIOHTTP1
import Records
import StrictJSON
import Wire

/// Asks the issuers that the settings name who holds a code of theirs. Signature, age and first
/// use are judged here, by the issuer's public key, before anybody is asked.
///
/// A register is asked by `POST {"code": "NDID1:…"}` at its address, and answers within 5 s:
///
/// | status | body | meaning |
/// |---|---|---|
/// | 200 | `{"name": "…", "idNumber": "…"}` | who holds it; the code is used up from now on, everywhere |
/// | 404 | – | the issuer never drew it |
/// | 409 | – | it was used before, here or elsewhere |
/// | 410 | – | it is too old |
///
/// Anything else is no answer.
struct CodeRegisters: Sendable {
  private let issuers: [Settings.CodeIssuer]
  private let client: HTTPClient

  private static var patience: TimeAmount { .seconds(5) }
  /// A name and a number are far shorter.
  private static let longestAnswer = 4096

  private struct Question: Encodable { var code: String }

  private struct Answer: Decodable {
    var name: String
    var idNumber: String
  }

  init(_ issuers: [Settings.CodeIssuer]) {
    self.issuers = issuers
    var configuration = HTTPClient.Configuration()
    // Who is asked is who answers.
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = Self.patience
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  func verifier(_ clock: any WallTime) -> any CodeVerifier {
    guard !issuers.isEmpty else { return NoCodeVerifier() }
    let keys = issuers.compactMap { issuer in Hex.bytes(issuer.key.utf8).map { (issuer.name, $0) } }
    return SignedCodeCheck(
      issuers: Dictionary(keys) { first, _ in first },
      holds: { SignatureCheck.holds($0, over: $1, publicKey: $2) }, now: { clock.now().at },
      register: { code throws(CodeRefusal) in try await holder(of: code) })
  }

  func close() async throws { try await client.shutdown() }

  private func holder(of code: SignedCode) async throws(CodeRefusal) -> CodeHolder {
    guard let issuer = issuers.first(where: { $0.name == code.issuer }) else { throw .unknownIssuer }
    guard let (status, body) = await answer(issuer.register, Question(code: code.text)) else {
      throw .unreachable
    }
    switch status {
    case 200: break
    case 404: throw .forged
    case 409: throw .replayed
    case 410: throw .expired
    default: throw .unreachable
    }
    do throws(JSONFault) {
      let answer = try StrictJSON.decode(Answer.self, from: body)
      return CodeHolder(name: answer.name, idNumber: answer.idNumber)
    } catch {
      throw .unreachable
    }
  }

  /// Nil when there is none. Why, the resident need not know, and no log may: it would say what
  /// was asked.
  private func answer(_ url: String, _ question: Question) async -> (UInt, [UInt8])? {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    do {
      request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(question)))
      let response = try await client.execute(request, timeout: Self.patience)
      let body = try await response.body.collect(upTo: Self.longestAnswer)
      return (response.status.code, Array(body.readableBytesView))
    } catch {
      return nil
    }
  }
}
