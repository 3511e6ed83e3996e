// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records

extension HeldCode {
  /// No code of ours is longer, in characters.
  private static let longest = 512

  /// - Parameter publicHost: the host that slips name (`Settings.publicHost`); a link to
  ///   another one is not ours.
  public init(_ bytes: [UInt8], publicHost: String) {
    guard let text = CodeText.text(bytes), text.utf8.count <= Self.longest else {
      self = .unknown
      return
    }
    self =
      Self.slip(text, publicHost) ?? SignedCode(text: text).map { .signed($0) } ?? .unknown
  }

  /// `https://<public host>/p/<number>#<claim code>`
  private static func slip(_ text: String, _ host: String) -> HeldCode? {
    let parts = text.split(separator: "/", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].lowercased() == "https:", parts[1].isEmpty,
      parts[2].lowercased() == host.lowercased(), parts[3] == "p"
    else { return nil }
    let ends = parts[4].split(separator: "#", omittingEmptySubsequences: false)
    guard ends.count == 2, let number = CaseNumber(ends[0]), let claim = ClaimCode(ends[1]) else {
      return nil
    }
    return .slip(number, claim)
  }
}

extension SignedCode {
  /// Nil unless `text` has exactly the form.
  public init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "NDID1", Self.isIssuer(parts[1]),
      let seconds = Self.seconds(parts[2]),
      let id = CodeText.bytes(hexadecimal: parts[3]), id.count == 16,
      let signature = CodeText.bytes(hexadecimal: parts[4]), signature.count == 64
    else { return nil }
    self.init(
      issuer: String(parts[1]), issuedAt: Timestamp(milliseconds: seconds * 1000), id: id,
      signature: signature)
  }

  /// What the issuer signs: the text up to the signature, without the colon before it.
  public var signedBytes: [UInt8] {
    Array("NDID1:\(issuer):\(issuedAt.milliseconds / 1000):\(CodeText.hexadecimal(id))".utf8)
  }

  /// As it stood in the code, whole.
  public var text: String {
    String(decoding: signedBytes, as: UTF8.self) + ":" + CodeText.hexadecimal(signature)
  }

  private static func isIssuer(_ text: Substring) -> Bool {
    (1...16).contains(text.utf8.count)
      && text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
  }

  private static func seconds(_ text: Substring) -> Int64? {
    guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
      text.utf8.first != 48
    else { return nil }
    return Int64(text)
  }
}
