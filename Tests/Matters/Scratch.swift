// SPDX-License-Identifier: Apache-2.0
import Matters
import StrictJSON
import Testing
import Foundation
@Suite struct Scratch {
  @Test func shared() throws {
    let d = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/work/shared/domain/catalogue.json")))
    let t = Date()
    let c = try StrictJSON.decode(Catalogue.self, from: d)
    print("SHARED", c.matters.count, Date().timeIntervalSince(t), CatalogueFault.report(c.faults()))
    let back = try StrictJSON.decode(Catalogue.self, from: [UInt8](try JSONEncoder().encode(c)))
    print("ROUND", back == c)
    struct Nothing: Decodable { init(from d: any Decoder) throws {} }
    let u = Date(); _ = try StrictJSON.decode(Nothing.self, from: d); print("PARSE", Date().timeIntervalSince(u))
  }
}
