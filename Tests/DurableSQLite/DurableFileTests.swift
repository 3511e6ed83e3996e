// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import DurableSQLite

struct DurableFileTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func whatWasPutComesBackForItsOwnerAlone() throws {
    try withFolder { folder in
      let path = folder + "/file"
      #expect(try DurableFile.read(path) == nil)
      try DurableFile.replace(path, with: Array("one".utf8))
      try DurableFile.replace(path, with: Array("two".utf8))
      #expect(try DurableFile.read(path) == Array("two".utf8))
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? NSNumber == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test func aDiskThatTakesNothingLeavesTheOldFile() throws {
    try withFolder { folder in
      let path = folder + "/file"
      try DurableFile.replace(path, with: Array("one".utf8))
      try FileManager.default.createSymbolicLink(
        atPath: path + ".new", withDestinationPath: "/dev/full")
      #expect(throws: OpenFault.full) { try DurableFile.replace(path, with: Array("two".utf8)) }
      #expect(try DurableFile.read(path) == Array("one".utf8))
    }
  }
}
