// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A shape with every kind of value in it.
struct Anything: Decodable {
  var a: [String: Int]?
  var b: [Double]?
  var c: String?
  var d: Bool?
  var e: [[Int64]]?
  var f: UInt8?
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  _ = try? StrictJSON.decode(Anything.self, from: bytes)
  _ = try? StrictJSON.decode([String: String].self, from: bytes, limits: .init(depth: 4, bytes: 512))
  return 0
}
