// SPDX-License-Identifier: Apache-2.0

import CodeScanners
import DeviceKit
import Records
import Simulators
import Synchronization
import Wire

/// An issuer of codes and the real check of them, at a time that stands.
final class CodeIssuing: Sendable {
  static let holder = CodeIssuer.Person(name: "王秀兰", idNumber: Sample.wang.idNumber)

  private let issuer: CodeIssuer
  private let keys: [String: [UInt8]]
  /// What the register does instead of answering.
  enum Register { case answers, rests, isSilent, namesNobody }
  private let register: Register

  init(_ register: Register = .answers) {
    let key = SigningKey.generated()
    let drawn = Mutex<UInt8>(0)
    issuer = CodeIssuer(
      name: "TEST",
      id: {
        [UInt8](repeating: 0, count: 15)
          + [
            drawn.withLock { drawn in
              drawn += 1
              return drawn
            }
          ]
      },
      sign: { (try? key.sign($0)) ?? [] })
    keys = ["TEST": key.publicKey]
    self.register = register
  }

  /// Drawn so many seconds before now.
  func code(_ person: CodeIssuer.Person = holder, age: Int64 = 0) -> String {
    issuer.code(for: person, atSeconds: Sample.time.at.milliseconds / 1000 - age)
  }

  var verifier: any CodeVerifier {
    SignedCodeCheck(
      issuers: keys, holds: { SignatureCheck.holds($0, over: $1, publicKey: $2) },
      now: { Sample.time.at },
      register: { [issuer, register] code throws(CodeRefusal) in
        switch register {
        case .answers: break
        case .rests: throw .unreachable
        case .isSilent:
          for await _ in AsyncStream<Void>.makeStream().stream {}
          throw .unreachable
        case .namesNobody: return CodeHolder(name: "王秀兰", idNumber: "110105194912310021")
        }
        guard let person = issuer.person(ofID: code.id) else { throw .forged }
        return CodeHolder(name: person.name, idNumber: person.idNumber)
      })
  }
}
