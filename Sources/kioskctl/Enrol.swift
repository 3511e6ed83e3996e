// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Records
import Upkeep
import Wire

struct Enrol: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes this terminal's key and hands its public half to the centre.",
    discussion: """
      The one-time code from `centrald enrolment new` is read from standard input.
      Example: kioskctl enrol --centre http://127.0.0.1:8080 < code
      """)

  @Option(help: "The start-up file; its state folder receives the identity.")
  var profile = "/etc/nightdesk/terminal.json"

  @Option(help: "Address of the centre.")
  var centre: String

  func run() async throws {
    let folders = try Files.start(profile).folders
    guard !FileManager.default.fileExists(atPath: folders.identity) else {
      throw Refusal("\(folders.identity) exists: this terminal is enrolled; move it aside to enrol anew")
    }
    guard let code = readLine()?.trimmingCharacters(in: .whitespaces), !code.isEmpty else {
      throw Refusal("the one-time code is read from standard input, and there was none")
    }
    let signer = TerminalSigner.generated()
    let reply = try await send(EnrolmentRequest(code: code, publicKey: signer.publicKey))
    let folder = (folders.identity as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Files.writeSecret(signer.privateKey, to: folders.terminalKey)
    try Files.writeSecret(Canonical.encode(reply.identity), to: folders.identity)
    print("\(reply.identity.terminal) \(reply.identity.area) \(reply.identity.allotment.text)")
  }

  private func send(_ enrolment: EnrolmentRequest) async throws -> EnrolmentReply {
    var request = HTTPClientRequest(url: centre + "/v1/enrolments")
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.body = .bytes(Canonical.encode(enrolment))
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
    let body = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
    guard (200...299).contains(response.status.code) else {
      throw Refusal(
        "the centre refused the enrolment (\(response.status.code)); codes work once: ask for a new one")
    }
    do throws(WireFault) {
      return try EnrolmentReply.decode(body)
    } catch {
      throw Refusal("the centre's answer was not understood: \(error)")
    }
  }
}
