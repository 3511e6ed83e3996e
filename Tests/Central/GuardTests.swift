// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CentralStore
import NIOCore
import NIOHTTP1
import Records
import Testing
import Wire

@testable import Central

@Suite struct GuardTests {
  @Test func `a body that does not arrive is refused when patience ends`() async throws {
    let impatient: RunningCentre.Change = { $0.bodySeconds = 0 }
    try await RunningCentre.serving(impatient) { centre in
      let (pieces, _) = AsyncStream<ByteBuffer>.makeStream()
      var request = HTTPClientRequest(url: centre.address + "/v1/progress")
      request.method = .POST
      // Announced, begun by nobody.
      request.body = .stream(pieces, length: .known(Int64(100)))
      let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
      #expect(answer.status == .requestTimeout)
      #expect(answer.headers.first(name: "content-type") == "application/problem+json")
    }
  }

  @Test func `another method is named with those that serve`() async throws {
    try await RunningCentre.serving { centre in
      var request = HTTPClientRequest(url: centre.address + "/v1/terminals/T0012/commands")
      request.method = .DELETE
      let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
      #expect(answer.status == .methodNotAllowed)
      #expect(answer.headers.first(name: "allow") == "GET, HEAD, POST")
    }
  }

  @Test func `what one has is not sent again`() async throws {
    try await RunningCentre.serving { centre in
      let number = try SampleTerminal().number(1)
      for path in ["/assets/a.js", "/v1/progress/\(number)"] {
        let first = try await centre.get(path)
        let tag = try #require(first.header("etag"))
        #expect(tag.hasPrefix("W/\""))
        for asked in [tag, "\"x\", \(tag)", "*"] {
          let again = try await centre.get(path, headers: ["If-None-Match": asked])
          #expect(again.status == 304 && again.bytes.isEmpty)
        }
        let other = try await centre.get(path, headers: ["If-None-Match": "W/\"x\""])
        #expect(other.status == 200 && other.bytes == first.bytes)
      }
    }
  }

  @Test(arguments: ["gzip", "*", "deflate, gzip;q=0.5"])
  func `a long answer is packed for who takes gzip`(accepted: String) async throws {
    try await RunningCentre.serving { centre in
      let packed = try await centre.get("/assets/long.css", headers: ["Accept-Encoding": accepted])
      #expect(packed.header("content-encoding") == "gzip")
      // The client has unpacked it.
      #expect(packed.bytes == SampleCentre.long)
      let small = try await centre.get("/assets/a.js", headers: ["Accept-Encoding": accepted])
      #expect(small.header("content-encoding") == nil)
    }
  }

  @Test(arguments: ["identity", "deflate", "gzip;q=0", "br"])
  func `a long answer is plain for who does not`(accepted: String) async throws {
    try await RunningCentre.serving { centre in
      let plain = try await centre.get("/assets/long.css", headers: ["Accept-Encoding": accepted])
      #expect(plain.header("content-encoding") == nil && plain.bytes == SampleCentre.long)
      #expect(plain.header("vary") == "Accept-Encoding")
    }
  }

  @Test func `attempts of an address rest, whatever the number`() async throws {
    let behindProxy: RunningCentre.Change = { centre in
      centre.proxies = ["127.0.0.1"]
      centre.claimLimits.perAddress.attempts = 3
    }
    try await RunningCentre.serving(behindProxy) { centre in
      let terminal = try await centre.enrolled()
      for id in UInt8(1)...5 {
        _ = try await centre.deliver(terminal, terminal.message(terminal.application(id)))
      }
      func claim(_ sequence: Int, from address: String, _ code: ClaimCode) async throws -> Int {
        let asked = ProgressRequest(number: try terminal.number(sequence).description, claimCode: code.text)
        return try await centre.send(
          "/v1/progress", Canonical.encode(asked), headers: ["X-Forwarded-For": "9.9.9.9, \(address)"]
        ).status
      }
      let wrong = ClaimCode(chance: [9, 9, 9, 9, 9])
      for sequence in 1...3 { #expect(try await claim(sequence, from: "203.0.113.7", wrong) == 403) }
      #expect(try await claim(4, from: "203.0.113.7", SampleTerminal.code) == 429)
      #expect(try await claim(4, from: "203.0.113.8", SampleTerminal.code) == 200)
    }
  }

  @Test func `signed time answers its own question`() async throws {
    try await RunningCentre.serving { centre in
      let nonce = String(repeating: "0f", count: 16)
      let answer = try await centre.get("/v1/time?nonce=\(nonce)")
      let time = try SignedTime.decode(answer.bytes)
      try time.verify(nonce: nonce, key: centre.centre.keys.time.publicKey)
      #expect(time.at == FixedTime().now().at)
      for wrong in ["", "?nonce=", "?nonce=\(nonce)0", "?nonce=\(nonce.uppercased())"] {
        #expect(try await centre.get("/v1/time" + wrong).status == 400)
      }
    }
  }

  @Test func `not ready says why`() async throws {
    try await RunningCentre.serving { centre in
      #expect(try await centre.get("/readyz").text == #"{"reasons":[],"status":"ready"}"#)
      centre.centre.catalogues.replace(with: Catalogues(matters: [:]))
      let answer = try await centre.get("/readyz")
      #expect(answer.status == 503)
      #expect(answer.text == #"{"reasons":["there is no catalogue"],"status":"not ready"}"#)
    }
  }
}
