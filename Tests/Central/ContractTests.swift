// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Records
import Testing
import Wire

@testable import Central

/// Every example in the contract is read by the very types that clients and centre use.
@Suite struct ContractTests {
  private static let path =
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    + "/Kiosk/Config/centre.openapi.json"

  /// Reads one example; throws when the type does not take it to its last key.
  private typealias Reading = @Sendable ([UInt8]) throws -> Void

  private static let readings: [String: Reading] = [
    "EnrolmentRequest": { _ = try EnrolmentRequest.decode($0) },
    "EnrolmentReply": { _ = try EnrolmentReply.decode($0) },
    "CertificateRenewal": { _ = try CertificateRenewal.decode($0) },
    "CertificateReply": { _ = try CertificateReply.decode($0) },
    "BatchRequest": { bytes in
      for message in try BatchRequest.decode(bytes).envelopes { _ = try message.envelope() }
    },
    "BatchReply": { bytes in
      let verdicts = try BatchReply.decode(bytes).verdicts
      #expect(verdicts.allSatisfy { $0.meaning != nil })
    },
    "ProgressRequest": { _ = try ProgressRequest.decode($0) },
    "Progress": { _ = try ProgressReply.decode($0) },
    "CommandReport": { _ = try CommandReport.decode($0) },
    "SignedTime": { _ = try SignedTime.decode($0) },
    "SignedDocument": same(SignedDocument.self), "Command": same(Command.self),
    "CommandOrder": { bytes in
      try same(CommandOrder.self)(bytes)
      #expect(try JSONDecoder().decode(CommandOrder.self, from: Data(bytes)).isFit)
    },
    "CommandListing": same(CommandListing.self), "CaseListing": same(CaseListing.self),
    "SealedCase": same(SealedCase.self), "Counts": same([String: Int].self),
    "TaskListing": same(TaskListing.self), "Task": same(TaskEntry.self),
    "Settlement": same(Settlement.self), "TerminalListing": same(TerminalListing.self),
    "Revocation": same(Revocation.self), "ImportReply": same(ImportReply.self),
    "MatterWithdrawal": same(MatterWithdrawal.self), "Readiness": same(Readiness.self),
    "Health": same([String: String].self),
    "OpenedCase": { bytes in _ = try JSONDecoder().decode(CaseEntry.self, from: Data(bytes)) },
  ]

  /// What is read and written again must say the same, to the last key and null.
  private static func same<Value: Codable & SendableMetatype>(_ type: Value.Type) -> Reading {
    { bytes in
      let value = try JSONDecoder().decode(type, from: Data(bytes))
      #expect(Canonical.encode(value) == bytes, "\(type)")
    }
  }

  /// Name of the schema and the example beside it, wherever they stand.
  private func examples(in value: JSON, _ found: inout [(String, JSON)]) {
    switch value {
    case .object(let members):
      if case .object(let schema)? = members["schema"], case .text(let name)? = schema["$ref"],
        let example = members["example"]
      {
        found.append((String(name.split(separator: "/").last ?? ""), example))
      }
      for member in members.values { examples(in: member, &found) }
    case .array(let elements): for element in elements { examples(in: element, &found) }
    default: break
    }
  }

  @Test func `every example is read by the types of client and centre`() throws {
    let contract = try JSONDecoder().decode(JSON.self, from: Data(contentsOf: URL(filePath: Self.path)))
    var found: [(String, JSON)] = []
    examples(in: contract, &found)
    let named = found.filter { Self.readings[$0.0] != nil }
    #expect(Set(named.map(\.0)) == Set(Self.readings.keys))
    #expect(found.count - named.count == found.filter { $0.0 == "AskedNumber" }.count)
    for (name, example) in named {
      let reading = try #require(Self.readings[name])
      #expect(throws: Never.self, "\(name)") { try reading(Canonical.encode(example)) }
    }
  }
}

/// Any JSON.
private enum JSON: Codable {
  case null
  case flag(Bool)
  case number(Int64)
  case text(String)
  case array([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int64.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let array = try? container.decode([JSON].self) {
      self = .array(array)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .array(let array): try container.encode(array)
    case .object(let object): try container.encode(object)
    }
  }
}
