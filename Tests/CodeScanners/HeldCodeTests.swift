// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Simulators
import Synchronization
import Testing
import Wire

@testable import CodeScanners

@Suite("Text of codes")
struct CodeTextTests {
  @Test("strict UTF-8 first, then GB 18030, else nothing")
  func encodings() {
    #expect(CodeText.text(Array("苏服码 𠮷".utf8)) == "苏服码 𠮷")
    #expect(CodeText.text([0xCB, 0xD5, 0xB7, 0xFE, 0xC2, 0xEB]) == "苏服码")
    // A character of four bytes: U+20BB7.
    #expect(CodeText.text([0x95, 0x34, 0xB4, 0x33]) != nil)
    #expect(CodeText.text([0xFF, 0xFF]) == nil)
    #expect(CodeText.text([0xCB]) == nil)
    #expect(CodeText.text([0x41, 0x00]) == nil)
    #expect(CodeText.text([0x1B, 0x5B]) == nil)
    #expect(CodeText.text([]) == "")
  }
}

@Suite("Kinds of codes")
struct HeldCodeTests {
  private static let host = "wait.example.cn"

  private func held(_ text: String) -> HeldCode { HeldCode(Array(text.utf8), publicHost: Self.host) }

  @Test("the QR of a slip, with its check and its claim code")
  func slip() throws {
    let allotment = try #require(Allotment("0001"))
    let day = try #require(Day(digits: "20261121"))
    let number = try #require(CaseNumber(area: "320500", allotment: allotment, day: day, sequence: 42))
    let claim = try #require(ClaimCode("ABCD2345"))
    let link = "https://\(Self.host)/p/\(number)#\(claim.text)"
    #expect(held(link) == .slip(number, claim))
    #expect(held("HTTPS://WAIT.example.cn/p/\(number)#\(claim.text)") == .slip(number, claim))
    var wrong = Array(link)
    wrong[link.count - 10] = wrong[link.count - 10] == "7" ? "8" : "7"
    for text in [
      String(wrong), "http" + link.dropFirst(5), link + "/", link.replacing("/p/", with: "/q/"),
      link.replacing(Self.host, with: "wait.example.cn.evil.example"),
      link.replacing(Self.host, with: "evil@" + Self.host), link.replacing("#", with: "?"),
      String(link.dropLast()), " " + link, "",
    ] {
      #expect(held(text) == .unknown, "\(text)")
    }
  }

  @Test("a signed code is read exactly, or not at all")
  func signed() throws {
    let id = String(repeating: "0A", count: 16)
    let signature = String(repeating: "F1", count: 64)
    let text = "NDID1:SZ1:1790000000:\(id):\(signature)"
    guard case .signed(let code) = held(text) else {
      Issue.record("not read")
      return
    }
    #expect(code.text == text)
    #expect(code.issuer == "SZ1" && code.issuedAt == Timestamp(milliseconds: 1_790_000_000_000))
    #expect(String(decoding: code.signedBytes, as: UTF8.self) == "NDID1:SZ1:1790000000:\(id)")
    for (right, wrong) in [
      ("NDID1", "NDID2"), ("SZ1", "sz1"), ("SZ1", ""), ("SZ1", "SZ12345678901234567"),
      ("1790000000", "01790000000"), ("1790000000", "-5"), ("1790000000", "1e9"), ("0A", "0a"),
      (id, id + "00"), (signature, signature + "0"), (signature, ""),
    ] {
      #expect(held(text.replacing(right, with: wrong, maxReplacements: 1)) == .unknown, "\(right) \(wrong)")
    }
  }
}

@Suite("Checking signed codes")
struct SignedCodeCheckTests {
  private static let person = CodeIssuer.Person(name: "王样张", idNumber: "11010519491231002X")
  private static let issued: Int64 = 1_790_000_000

  private struct Bench {
    let key = SigningKey.generated()
    let now = Clock()
    let issuer: CodeIssuer
    let check: SignedCodeCheck

    final class Clock: Sendable {
      let seconds = Mutex(SignedCodeCheckTests.issued)
    }

    init(reachable: Bool = true) {
      let key = key
      let now = now
      let ids = Mutex<UInt8>(0)
      let issuer = CodeIssuer(
        name: "TEST",
        id: {
          let id = ids.withLock { id in
            id += 1
            return id
          }
          return [UInt8](repeating: 0, count: 15) + [id]
        },
        sign: { (try? key.sign($0)) ?? [] })
      self.issuer = issuer
      check = SignedCodeCheck(
        issuers: ["TEST": key.publicKey],
        holds: { SignatureCheck.holds($0, over: $1, publicKey: $2) },
        now: { Timestamp(milliseconds: now.seconds.withLock { $0 } * 1000) },
        register: { code throws(CodeRefusal) in
          guard reachable else { throw .unreachable }
          guard let person = issuer.person(ofID: code.id) else { throw .forged }
          return CodeHolder(name: person.name, idNumber: person.idNumber)
        })
    }

    func code() throws -> SignedCode {
      let text = issuer.code(for: person, atSeconds: issued)
      guard case .signed(let code) = HeldCode(Array(text.utf8), publicHost: "a.example") else {
        throw CodeRefusal.forged
      }
      return code
    }
  }

  @Test("a fresh code names its holder, once")
  func once() async throws {
    let bench = Bench()
    let code = try bench.code()
    let holder = try await bench.check.holder(of: code)
    #expect(holder == CodeHolder(name: "王样张", idNumber: "11010519491231002X"))
    await #expect(throws: CodeRefusal.replayed) { try await bench.check.holder(of: code) }
    let other = try bench.code()
    #expect(try await bench.check.holder(of: other) == holder)
  }

  @Test("of many that come at once with one code, one passes")
  func atOnce() async throws {
    let bench = Bench()
    let code = try bench.code()
    let passed = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<50 { group.addTask { (try? await bench.check.holder(of: code)) != nil } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(passed == 1)
  }

  @Test(
    "it is good from 5 s before to 60 s after its time, and replay is refused to the last",
    arguments: [(-6, .early), (-5, nil), (0, nil), (60, nil), (61, .expired)] as [(Int64, CodeRefusal?)])
  func age(seconds: Int64, refusal: CodeRefusal?) async throws {
    let bench = Bench()
    let code = try bench.code()
    bench.now.seconds.withLock { $0 += seconds }
    if let refusal {
      await #expect(throws: refusal) { try await bench.check.holder(of: code) }
    } else {
      _ = try await bench.check.holder(of: code)
      bench.now.seconds.withLock { $0 = Self.issued + 60 }
      await #expect(throws: CodeRefusal.replayed) { try await bench.check.holder(of: code) }
    }
  }

  @Test("another time, id, issuer or key is refused, and spends nothing")
  func forged() async throws {
    let bench = Bench()
    let code = try bench.code()
    func altered(_ issuer: String = "TEST", seconds: Int64 = Self.issued, id: [UInt8]? = nil) -> SignedCode {
      SignedCode(
        issuer: issuer, issuedAt: Timestamp(milliseconds: seconds * 1000), id: id ?? code.id,
        signature: code.signature)
    }
    for wrong in [altered(seconds: Self.issued + 1), altered(id: [UInt8](repeating: 9, count: 16))] {
      await #expect(throws: CodeRefusal.forged) { try await bench.check.holder(of: wrong) }
    }
    await #expect(throws: CodeRefusal.unknownIssuer) { try await bench.check.holder(of: altered("OTHER")) }
    let stranger = try Bench().code()
    await #expect(throws: CodeRefusal.forged) { try await bench.check.holder(of: stranger) }
    _ = try await bench.check.holder(of: code)
  }

  @Test("without issuers nothing is offered")
  func offered() {
    #expect(Bench().check.isOffered && !NoCodeVerifier().isOffered)
    let none = SignedCodeCheck(
      issuers: [:], holds: { _, _, _ in true }, now: { Timestamp(milliseconds: 0) },
      register: { _ throws(CodeRefusal) in throw .unreachable })
    #expect(!none.isOffered)
  }

  @Test("an issuer out of reach is said to be so")
  func unreachable() async throws {
    let bench = Bench(reachable: false)
    let code = try bench.code()
    await #expect(throws: CodeRefusal.unreachable) { try await bench.check.holder(of: code) }
  }
}
