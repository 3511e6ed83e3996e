// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Devices/README.md against the folders it speaks of.
@Suite("Models of devices")
struct DeviceFoldersTests {
  private static let own = "Tests/HouseRules/DeviceFoldersTests.swift"
  private static let devices = String(#filePath.dropLast(own.count)) + "Devices"

  struct Folder: Hashable, Sendable, CustomTestStringConvertible {
    var kind: String
    var name: String

    var path: String { "\(kind)/Models/\(name)" }
    var testDescription: String { path }
  }

  static let folders: [Folder] = {
    let files = FileManager.default
    return ((try? files.contentsOfDirectory(atPath: devices)) ?? []).sorted().flatMap { kind in
      ((try? files.contentsOfDirectory(atPath: "\(devices)/\(kind)/Models")) ?? []).sorted()
        .map { Folder(kind: kind, name: $0) }
    }
  }()

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Self.devices)/\(path)", encoding: .utf8)
  }

  @Test("each has its JSON file, its README, and for USB a rule with the same numbers", arguments: folders)
  func complete(folder: Folder) throws {
    let json = try JSONSerialization.jsonObject(
      with: Data(try text("\(folder.path)/\(folder.name).json").utf8))
    let model = try #require(json as? [String: Any])
    #expect(model["id"] as? String == folder.name)
    #expect(try text("\(folder.path)/README.md").hasPrefix("# "))
    guard let usb = (model["link"] as? [String: Any])?["usb"] as? [String: Any] else { return }
    let rule = try text("\(folder.path)/70-\(folder.name).rules")
    let lines = rule.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(!lines.isEmpty)
    for line in lines {
      for (attribute, key) in [("idVendor", "vendor"), ("idProduct", "product")] {
        let number = try #require(usb[key] as? String)
        #expect(line.contains("ATTR{\(attribute)}==\"\(number)\""), "\(folder.path): \(line)")
      }
    }
    #expect(rule.contains("GROUP=\"nightdesk\"") && !rule.contains("0666"))
  }

  @Test("a udev rule bears its model's name, and the README names it so", arguments: folders)
  func ruleNames(folder: Folder) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(Self.devices)/\(folder.path)")
    let rules = files.filter { $0.hasSuffix(".rules") }
    #expect(rules.allSatisfy { $0 == "70-\(folder.name).rules" }, "\(rules)")
    guard !folder.name.hasPrefix("_") else { return }
    let readme = try text("\(folder.path)/README.md")
    #expect(readme.contains(".rules`") == !rules.isEmpty)
    #expect(rules.allSatisfy { readme.contains("`\($0)`") })
  }

  @Test("the table of Devices/README.md has one row for each model, and no other")
  func table() throws {
    let models = Self.folders.filter { !$0.name.hasPrefix("_") }
    try #require(models.count > 2)
    let rows = try text("README.md").split(separator: "\n")
      .filter { $0.contains("/Models/") && $0.hasPrefix("| ") }
    let wanted = models.map { "[\($0.name)](\($0.path)/README.md)" }
    for link in wanted { #expect(rows.count { $0.contains(link) } == 1, "\(link)") }
    #expect(rows.count == wanted.count)
  }

  @Test("the guide has six steps")
  func steps() throws {
    let parts = try text("README.md").split(separator: "\n## ")
    let guide = try #require(parts.first { $0.hasPrefix("Add a device in six steps\n") })
    let steps = guide.split(separator: "\n").filter { $0.first?.isNumber == true }
    #expect(steps.map { $0.prefix(2) } == (1...6).map { "\($0)." })
  }
}
