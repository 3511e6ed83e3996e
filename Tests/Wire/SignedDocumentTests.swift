// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

@Suite struct SignedDocumentTests {
  let sample = Sample()

  static let settings = """
    {
      "version": 3, "signed": {"year": 2026, "month": 11, "day": 20},
      "site": {
        "name": {"zh": "某某街道便民服务中心", "en": "Subdistrict service centre"},
        "terminal": {"zh": "自助终端12号", "en": "Terminal 12"},
        "counterHours": {"zh": "周一至周五 9:00–17:00", "en": "Mon–Fri 9:00–17:00"},
        "phone": "0512-00000000", "nightPhone": "12345",
        "nearest": {"zh": "某某路1号", "en": "1 Some Road"}
      },
      "featuredMatters": ["ss_enrol_proof"], "spareAllotments": ["00A8", "00A9"],
      "publicHost": "https://centre.example", "words": {}
    }
    """

  private func signed(_ text: String = settings) throws(WireFault) -> [UInt8] {
    try SettingsDocument.sign(Array(text.utf8), key: sample.rootKey)
  }

  private func fault(_ bytes: [UInt8], _ root: RootDocument) -> WireFault? {
    do throws(WireFault) {
      _ = try SettingsDocument.verify(bytes, root: root)
      return nil
    } catch {
      return error
    }
  }

  @Test func `the encoding that is signed is that of the DSSE specification`() {
    let encoding = SignedDocument.encoding(
      type: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
    #expect(
      String(decoding: encoding, as: UTF8.self)
        == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
  }

  @Test func `signed settings are read`() throws {
    let settings = try SettingsDocument.verify(signed(), root: sample.root)
    #expect(settings.version == 3)
    #expect(settings.spareAllotments.map(\.text) == ["00A8", "00A9"])
    #expect(settings.site.name.zh == "某某街道便民服务中心")
  }

  @Test func `issuers of codes are read, and one that cannot be is refused with its place`() throws {
    let key = String(repeating: "0a", count: 32)
    let issuers = """
      "codeIssuers": [{"name": "SZ1", "key": "\(key)", "register": "https://codes.example/holders"}], "words"
      """
    let right = Self.settings.replacing("\"words\"", with: issuers)
    let read = try SettingsDocument.verify(signed(right), root: sample.root)
    #expect(
      read.codeIssuers == [
        Settings.CodeIssuer(name: "SZ1", key: key, register: "https://codes.example/holders")
      ])
    let here = right.replacing("https://codes.example", with: "http://127.0.0.1:8080")
    _ = try SettingsDocument.verify(signed(here), root: sample.root)
    for (part, wrong, place) in [
      ("SZ1", "sz1", "name"), ("SZ1", "", "name"), (key, key.uppercased(), "key"),
      (key, String(key.dropLast(2)), "key"), ("https://codes", "http://codes", "register"),
      ("https://codes.example", "http://127.0.0.1.example:80", "register"),
    ] {
      let changed = right.replacing("\"\(part)", with: "\"\(wrong)", maxReplacements: 1)
      let why = refusal(changed)
      #expect(why?.contains(place) == true, "\(wrong): \(why ?? "taken")")
    }
  }

  /// Why these settings are not signed.
  private func refusal(_ settings: String) -> String? {
    do throws(WireFault) {
      _ = try signed(settings)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `settings signed by somebody else are refused`() throws {
    let other = Sample()
    #expect(fault(try signed(), other.root) == .unsigned)
    var pretended = other.root
    pretended.signers[0].id = sample.rootKey.id
    #expect(fault(try signed(), pretended) == .unsigned)
  }

  @Test func `an altered payload or signature is refused`() throws {
    let root = sample.root
    let document = try SignedDocument(
      payloadType: SettingsDocument.payloadType, payload: Array(Self.settings.utf8),
      key: sample.rootKey)
    for index in stride(from: 0, to: document.payload.bytes.count, by: 7) {
      var altered = document
      altered.payload = Base64(document.payload.bytes.altered(at: index))
      #expect(fault(Canonical.encode(altered), root) == .unsigned)
    }
    for index in 0..<64 {
      var altered = document
      altered.signatures[0].sig = Base64(document.signatures[0].sig.bytes.altered(at: index))
      #expect(fault(Canonical.encode(altered), root) == .unsigned)
    }
    var bare = document
    bare.signatures = []
    #expect(fault(Canonical.encode(bare), root) == .unsigned)
  }

  @Test func `a document of another type is refused`() throws {
    let document = try SignedDocument(
      payloadType: "application/other", payload: Array(Self.settings.utf8), key: sample.rootKey)
    #expect(fault(Canonical.encode(document), sample.root) == .malformed("a document of another type"))
  }

  @Test(arguments: [
    (#""version": 3,"#, #""version": 3, "version": 4,"#),
    (#""version": 3,"#, #""version": 3, "extra": 4,"#),
    (#""version": 3,"#, ""),
    (#""00A8""#, #""00a8""#),
  ])
  func `settings that are not understood to the last key are neither signed nor read`(
    old: String, new: String
  ) throws {
    let text = Self.settings.replacing(old, with: new)
    guard case .malformed = #expect(throws: WireFault.self, performing: { try signed(text) }) else {
      Issue.record("signed all the same")
      return
    }
    let forced = try SignedDocument(
      payloadType: SettingsDocument.payloadType, payload: Array(text.utf8), key: sample.rootKey)
    guard case .malformed = fault(Canonical.encode(forced), sample.root) else {
      Issue.record("read all the same")
      return
    }
  }

  @Test func `one signer named twice does not make two`() throws {
    var root = sample.root
    root.threshold = 2
    root.signers += root.signers
    var document = try SignedDocument(
      payloadType: SettingsDocument.payloadType, payload: Array(Self.settings.utf8),
      key: sample.rootKey)
    document.signatures += document.signatures
    #expect(fault(Canonical.encode(document), root) == .unsigned)
    let second = SigningKey.generated()
    root.signers[1] = .init(publicKey: second.publicKey)
    let other = try SignedDocument(
      payloadType: SettingsDocument.payloadType, payload: Array(Self.settings.utf8), key: second)
    document.signatures[1] = other.signatures[0]
    #expect(fault(Canonical.encode(document), root) == nil)
  }

  @Test func `a root without a threshold trusts nobody`() throws {
    var root = sample.root
    root.threshold = 0
    #expect(fault(try signed(), root) == .unsigned)
  }
}
