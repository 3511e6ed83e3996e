// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON
import Testing
import Wire

@Suite struct SealingTests {
  let sample = Sample()

  @Test func `what is sealed at the terminal is opened at the centre`() throws {
    let submission = try sample.application()
    let sealed = try sample.sealer().seal(submission)
    let (envelope, header) = try EnvelopeMessage(sealed).envelope()
    #expect(envelope == sealed)
    #expect(header.terminal == "T0012" && header.day == "20261121" && header.after == [])
    #expect(SignatureCheck.holds(envelope, publicKey: sample.signer.publicKey))
    let routing = try RoutingOpener(privateKey: sample.routingKey.privateKey).open(envelope, header)
    #expect(routing == submission.routing)
    let content = try ContentOpener(privateKey: sample.contentKey.privateKey).open(envelope, header)
    #expect(content == submission.content)
  }

  @Test func `a foreigner's document is sealed without the facts it lacks`() throws {
    var submission = try sample.application()
    submission.content?.applicant = Sample.foreigner
    let sealed = try sample.sealer().seal(submission)
    let (envelope, header) = try EnvelopeMessage(sealed).envelope()
    let content = try ContentOpener(privateKey: sample.contentKey.privateKey).open(envelope, header)
    #expect(content.applicant == Sample.foreigner)
    #expect(content.applicant.address == nil && content.applicant.ethnicity == nil)
  }

  @Test func `a filing sealed before documents had names is a resident card's`() throws {
    let text = """
      {"address":"某某路1号","birth":"19491231","ethnicity":"01","idNumber":"11010519491231002X",\
      "issuer":"某某公安局","name":"𠮷·㼆","sex":"1","validFrom":"20200101","validTo":"长期"}
      """
    let resident = try StrictJSON.decode(Resident.self, from: Array(text.utf8))
    #expect(resident.document == .residentCard && resident.address == "某某路1号")
    #expect(resident.nameEnglish == nil)
  }

  @Test func `a told envelope has no content and says so with null`() throws {
    let sealed = try sample.sealer().seal(sample.told())
    #expect(sealed.content.isEmpty)
    #expect(String(decoding: sealed.header, as: UTF8.self).contains(#""content":null"#))
    let (_, header) = try EnvelopeMessage(sealed).envelope()
    #expect(header.content == nil)
    #expect(header.after == [try sample.reservation().id])
  }

  @Test func `nothing of the person or the matter is readable in what leaves the terminal`() throws {
    let sealed = try sample.sealer().seal(sample.application())
    for part in [sealed.header, sealed.routing, sealed.content] {
      let text = String(decoding: part, as: UTF8.self)
      for word in ["𠮷·㼆", "11010519491231002X", "ss_enrol_proof", "cardRead"] {
        #expect(!text.contains(word))
      }
    }
  }

  @Test func `each altered byte of the header is refused`() throws {
    let sealed = try sample.sealer().seal(sample.application())
    for index in sealed.header.indices {
      var altered = sealed
      altered.header = sealed.header.altered(at: index)
      #expect(!SignatureCheck.holds(altered, publicKey: sample.signer.publicKey))
    }
  }

  @Test func `each altered byte of the signature is refused`() throws {
    let sealed = try sample.sealer().seal(sample.application())
    for index in sealed.signature.indices {
      var altered = sealed
      altered.signature = sealed.signature.altered(at: index)
      #expect(!SignatureCheck.holds(altered, publicKey: sample.signer.publicKey))
    }
  }

  @Test func `each altered byte of a sealed part is refused by its hash and does not open`() throws {
    let sealed = try sample.sealer().seal(sample.application())
    let (_, header) = try EnvelopeMessage(sealed).envelope()
    let routing = try RoutingOpener(privateKey: sample.routingKey.privateKey)
    let content = try ContentOpener(privateKey: sample.contentKey.privateKey)
    for index in sealed.routing.indices {
      var altered = sealed
      altered.routing = sealed.routing.altered(at: index)
      #expect(throws: WireFault.partMismatch) { try EnvelopeMessage(altered).envelope() }
      #expect(throws: WireFault.cannotOpen) { try routing.open(altered, header) }
    }
    for index in sealed.content.indices {
      var altered = sealed
      altered.content = sealed.content.altered(at: index)
      #expect(throws: WireFault.partMismatch) { try EnvelopeMessage(altered).envelope() }
      #expect(throws: WireFault.cannotOpen) { try content.open(altered, header) }
    }
  }

  @Test func `a part left out or put in the place of the other is refused`() throws {
    let sealed = try sample.sealer().seal(sample.application())
    var without = sealed
    without.content = []
    #expect(throws: WireFault.partMismatch) { try EnvelopeMessage(without).envelope() }
    let (_, header) = try EnvelopeMessage(sealed).envelope()
    var swapped = sealed
    swapped.content = sealed.routing
    let samePrivateKey = try ContentOpener(privateKey: sample.routingKey.privateKey)
    var sameKey = header
    sameKey.keys.content = header.keys.routing
    #expect(throws: WireFault.cannotOpen) { try samePrivateKey.open(swapped, sameKey) }
  }

  @Test func `a part does not open under another header`() throws {
    let sealed = try sample.sealer().seal(sample.application())
    var (envelope, header) = try EnvelopeMessage(sealed).envelope()
    header.terminal = "T0013"
    envelope.header = header.bytes
    let opener = try RoutingOpener(privateKey: sample.routingKey.privateKey)
    #expect(throws: WireFault.cannotOpen) { try opener.open(envelope, header) }
  }

  @Test func `another key opens nothing`() throws {
    let (envelope, header) = try EnvelopeMessage(
      sample.sealer().seal(sample.application())
    ).envelope()
    let other = OpeningKey.generated()
    #expect(throws: WireFault.wrongKey) {
      try RoutingOpener(privateKey: other.privateKey).open(envelope, header)
    }
    var claimed = header
    claimed.keys.routing = other.sealingKey.id
    #expect(throws: WireFault.cannotOpen) {
      try RoutingOpener(privateKey: other.privateKey).open(envelope, claimed)
    }
    #expect(!SignatureCheck.holds(envelope, publicKey: SigningKey.generated().publicKey))
  }

  @Test func `bytes that are no key are refused`() {
    #expect(throws: WireFault.wrongKey) { try TerminalSigner(privateKey: [1, 2, 3]) }
    #expect(throws: WireFault.wrongKey) { try RoutingOpener(privateKey: []) }
    #expect(!SignatureCheck.holds([], over: [], publicKey: [1]))
  }

  @Test func `a signer made again from its private key signs for the same public key`() throws {
    let again = try TerminalSigner(privateKey: sample.signer.privateKey)
    #expect(again.publicKey == sample.signer.publicKey)
    let signature = try again.sign([1, 2, 3])
    #expect(SignatureCheck.holds(signature, over: [1, 2, 3], publicKey: sample.signer.publicKey))
  }

  @Test func `a sealing key whose id is not its own is refused`() throws {
    var identity = try sample.identity()
    identity.routingKey.id = identity.contentKey.id
    #expect(throws: WireFault.wrongKey) {
      try EnvelopeSealer(identity: identity, signer: sample.signer)
    }
  }
}
