// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Matters
import Records
import Synchronization

/// Learns whose visit it is: by her card or, where the matter allows it, by a code on her
/// telephone.
struct Identification {
  let furniture: Desk.Furniture
  let talk: Conversation
  let matter: Matter

  /// Nil when she goes back.
  func run() async throws(VisitEnd) -> Resident? {
    var fault: CodeFault?
    while true {
      if let resident = talk.resident { return resident }
      let choice = try await talk.ask(.card(takesCode: takesCodes)) { _ in
        talk.writer.card(cardAsk, codes: takesCodes && talk.writer.offersCodes, fault)
      }
      switch choice.choice {
      case "back", "guide": return nil
      case "code": fault = try await judge(talk.takeShown())
      default: continue
      }
    }
  }

  private var takesCodes: Bool { matter.auth.method.takesCodes && furniture.codes.verifier.isOffered }

  private var cardAsk: CardAsk {
    if talk.reader == .away { return .readerAway }
    if talk.cardUnreadable { return .again }
    if talk.cardLies { return .otherLies }
    return talk.reader == .back ? .readerBack : .first
  }

  /// Whose code it is, if it says that to us: she is known then. Else why not.
  private func judge(_ shown: CodeEvent?) async throws(VisitEnd) -> CodeFault? {
    guard case .shown(let scanned) = shown else { return .unreadable }
    guard case .signed(let code) = furniture.codes.read(scanned.bytes) else { return .foreign }
    // No code is old or new by a clock that is certainly wrong.
    guard furniture.clock.now().quality != .unknown else { return .timeless }
    switch try await verified(code) {
    case .success(let holder):
      guard let resident = Resident(holder) else { return .unreachable }
      talk.adopt(resident)
      return nil
    case .failure(let refusal): return CodeFault(refusal)
    }
  }

  private func verified(_ code: SignedCode) async throws(VisitEnd) -> Result<CodeHolder, CodeRefusal> {
    let found = Mutex<Result<CodeHolder, CodeRefusal>?>(nil)
    let asking = talk.listen { [verifier = furniture.codes.verifier] in
      let answer: Result<CodeHolder, CodeRefusal>
      do throws(CodeRefusal) {
        answer = .success(try await verifier.holder(of: code))
      } catch {
        answer = .failure(error)
      }
      found.withLock { $0 = answer }
      return .confirmed
    }
    // As long as the scene stands and no longer: the way out cancels it.
    async let _ = asking()
    let choice = try await talk.ask(.checkingCode(talk.patience)) { _ in talk.writer.checkingCode() }
    guard choice.suffix("checked:") != nil else { return .failure(.unreachable) }
    return found.withLock { $0 } ?? .failure(.unreachable)
  }
}

/// Why a code did not say who she is, as she is told.
enum CodeFault: String, Hashable {
  /// Damaged, or not seen whole.
  case unreadable
  /// No code of an issuer that we know, or not as its issuer made it.
  case foreign
  case old
  /// Of a time that is not yet.
  case early
  case used
  /// Its age cannot be judged: the terminal's own time is not known.
  case timeless
  /// Whoever could say is out of reach.
  case unreachable

  init(_ refusal: CodeRefusal) {
    self =
      switch refusal {
      case .unknownIssuer, .forged: .foreign
      case .expired: .old
      case .early: .early
      case .replayed: .used
      case .unreachable: .unreachable
      }
  }
}

extension Auth.Method {
  /// Where the organisation is asked for, its agent is known by her card.
  var takesCodes: Bool { self != .eLicence }
}

extension Resident {
  /// Who holds a code, and what her number says of her (GB 11643); nil for an answer that names
  /// nobody.
  init?(_ holder: CodeHolder) {
    let digits = Array(holder.idNumber.utf8)
    let isName =
      (1...60).contains(holder.name.unicodeScalars.count)
      && !holder.name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    guard isName, Checksum.holdsGB11643(holder.idNumber) else { return nil }
    self.init(
      document: .heldCode, name: holder.name, sex: digits[16] % 2 == 1 ? "1" : "2",
      birth: String(decoding: digits[6..<14], as: UTF8.self), idNumber: holder.idNumber,
      validFrom: nil, validTo: nil)
  }
}

/// Codes beside the card.
extension SceneWriter {
  /// What a code can do here, and what became of the one that was shown.
  func offer(_ ask: CardAsk, _ fault: CodeFault?, on draft: inout SceneDraft) {
    let instead = ask == .readerAway
    let how = Part.Say(
      tone: .rest, icon: "scan", title: self(instead ? "code.instead" : "code.offer"), text: self("code.how"))
    draft.body.insert(.say(how), at: instead ? 0 : draft.body.count)
    if instead { draft.next = self("code.instead-next") }
    guard let fault else { return }
    let what = self("code.\(fault.rawValue)")
    let next = self("code.\(fault.rawValue)-do") + self(instead ? "code.or-counter" : "code.or-card")
    draft.read.insert(.say(Part.Say(tone: .heed, icon: "info", title: what, text: next)), at: 0)
    draft.news = what + (language == .zh ? "。" : ". ") + next
    draft.chimes = true
  }

  func checkingCode() -> SceneDraft {
    var draft = SceneDraft("checking", title: self("code.checking"))
    draft.here = self("card.here")
    draft.there = self("card.there")
    draft.lead = self("code.checking-lead")
    draft.act = [.buttons([button("other", "code.checking-stop", icon: "next")])]
    draft.next = self("code.checking-next")
    return draft
  }
}
