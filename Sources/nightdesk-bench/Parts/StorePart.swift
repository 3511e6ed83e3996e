// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CentralStore
import Glibc

/// Opens a centre's store, finds one case, says so, and then takes applications until it is
/// killed.
struct StorePart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "store")

  @Argument var folder: String
  @Argument(help: "Numbers begin behind it.") var first: Int

  func run() async throws {
    let folder = BenchFolder(path: folder)
    let store = try SQLiteCaseStore.open(path: folder.file("centre"), outcomeUnknown: { _exit(70) })
    let cases = try BenchCases(try DeliverySetup.read(folder), store: store, after: first)
    guard try await store.publicApplication(try cases.maker.number(1)) != nil else {
      throw BenchFault("the first case is gone")
    }
    Speech.say("ready")
    guard let sample = try cases.arrivals(1).first else { throw BenchFault("nothing to take") }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<Crowd.size {
        group.addTask {
          // Ends by a kill, or with the store.
          while let copies = try? cases.copies(1, of: sample), (try? await cases.keep(copies)) != nil {}
        }
      }
    }
  }
}
