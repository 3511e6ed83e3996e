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
    let signer = try signer(folders)
    let reply = try await send(EnrolmentRequest(code: code, publicKey: signer.publicKey))
    try Files.writeSecret(Canonical.encode(reply.identity), to: folders.identity)
    print("\(reply.identity.terminal) \(reply.identity.area) \(reply.identity.allotment.text)")
  }

  /// The key is on the disk before the centre hears of it: the centre answers the same code
  /// and key again, so that a reply lost on the way does not spend the code.
  private func signer(_ folders: StartFile.Folders) throws -> TerminalSigner {
    let folder = (folders.terminalKey as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Files.sync(nameOf: folder)
    if FileManager.default.fileExists(atPath: folders.terminalKey) {
      let kept = try Files.bytes(folders.terminalKey)
      do throws(WireFault) {
        return try TerminalSigner(privateKey: kept)
      } catch {
        throw Refusal("\(folders.terminalKey) is no key; move it aside to make a new one")
      }
    }
    let made = TerminalSigner.generated()
    try Files.writeSecret(made.privateKey, to: folders.terminalKey)
    return made
  }

  private func send(_ enrolment: EnrolmentRequest) async throws -> EnrolmentReply {
    var request = HTTPClientRequest(url: centre + "/v1/enrolments")
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.body = .bytes(Canonical.encode(enrolment))
    let (response, body) = try await answer(to: request)
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

  private func answer(to request: HTTPClientRequest) async throws -> (HTTPClientResponse, [UInt8]) {
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
      return (response, Array(try await response.body.collect(upTo: 1 << 20).readableBytesView))
    } catch {
      throw Refusal(
        "the centre did not answer (\(error)); run this again with the same code, it is not spent")
    }
  }
}
