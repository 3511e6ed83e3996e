// SPDX-License-Identifier: Apache-2.0

import Records

/// Writes what is sealed in canonical form. The centre reads it by the types' own
/// `Decodable`; a field added there is added here, which the tests demand.
enum SealedText {
  static func bytes(of routing: Routing) -> [UInt8] {
    var json = CanonicalWriter()
    json.object { json in
      json.member("assurance", routing.assurance.rawValue)
      json.member("claimHash", routing.claimHash)
      json.member("first", routing.first?.description)
      json.member("firstClaimHash", routing.firstClaimHash)
      json.member("matter", routing.matter)
      json.member("matterVersion", routing.matterVersion)
      json.member("rating", routing.rating)
      json.key("time")
      json.object { json in
        json.key("at")
        json.number(routing.time.at.milliseconds)
        json.member("quality", routing.time.quality.rawValue)
      }
      json.member("told", routing.told?.rawValue)
    }
    return json.bytes
  }

  static func bytes(of content: Content) -> [UInt8] {
    var json = CanonicalWriter()
    json.object { json in
      json.key("answers")
      write(content.answers, to: &json)
      json.key("applicant")
      write(content.applicant, to: &json)
      json.member("claimCode", content.claimCode.text)
      json.member("language", content.language)
      json.key("materials")
      json.array(content.materials) { json, material in
        json.object { json in
          json.member("id", material.id)
          json.member("way", material.way.rawValue)
        }
      }
    }
    return json.bytes
  }

  private static func write(_ answers: [String: Answer], to json: inout CanonicalWriter) {
    json.object { json in
      let inOrder = answers.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (name, answer) in inOrder {
        json.key(escaping: name)
        switch answer {
        case .text(let text): json.text(text)
        case .flag(let flag): json.flag(flag)
        case .chosen(let values): json.array(values) { $0.text($1) }
        }
      }
    }
  }

  private static func write(_ resident: Resident, to json: inout CanonicalWriter) {
    json.object { json in
      json.member("address", resident.address)
      json.member("birth", resident.birth)
      json.member("document", resident.document.rawValue)
      json.member("ethnicity", resident.ethnicity)
      json.member("idNumber", resident.idNumber)
      json.member("issueCount", resident.issueCount)
      json.member("issuer", resident.issuer)
      json.member("name", resident.name)
      json.member("nameEnglish", resident.nameEnglish)
      json.member("nationality", resident.nationality)
      json.member("passNumber", resident.passNumber)
      json.member("sex", resident.sex)
      json.member("validFrom", resident.validFrom)
      json.member("validTo", resident.validTo)
    }
  }
}
