// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Upkeep

@Suite struct StartFileTests {
  /// A start-up file with these words beside what each must have.
  private func file(with more: String = "") throws -> StartFile {
    let text = """
      {"folders": {"state": "/s", "run": "/r", "share": "/u"}, "screens": {"port": 1},
       "staff": {"port": 2}, "centre": {"url": "https://c", "time": "http://c"},
       "places": {"reader": {"models": ["m"], "tty": "/t"},
         "receiptPrinter": {"models": ["p"], "uri": "socket://p"}},
       "cups": {"socket": "/c", "paper": "/p"}\(more)}
      """
    return try JSONDecoder().decode(StartFile.self, from: Data(text.utf8))
  }

  @Test func aLookForWhatCanBePrunedComesEachMinuteUnlessTheFileSaysOtherwise() throws {
    #expect(try file().pruningLook == .seconds(60))
    #expect(try file(with: #", "pruning": {}"#).pruningLook == .seconds(60))
    #expect(try file(with: #", "pruning": {"lookEvery": 5}"#).pruningLook == .seconds(5))
  }

  @Test func looksNeverFollowEachOtherWithoutAPause() throws {
    #expect(try file(with: #", "pruning": {"lookEvery": 0}"#).pruningLook == .seconds(1))
    #expect(throws: DecodingError.self) { try file(with: #", "pruning": {"lookEvery": -1}"#) }
  }
}
