// SPDX-License-Identifier: Apache-2.0

import CodeScanners

/// The first byte is the length of the descriptor, the next the length of each report.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard bytes.count > 2 else { return 0 }
  let descriptor = Array(bytes.dropFirst(2).prefix(Int(bytes[0])))
  let rest = Array(bytes.dropFirst(2 + descriptor.count))
  let size = Int(bytes[1] & 0x7F) + 1
  for described in [descriptor, []] {
    var decoder = ReportDecoder(descriptor: described, longest: 300)
    for place in stride(from: 0, to: rest.count, by: size) {
      check(decoder.take(Array(rest[place..<min(place + size, rest.count)])))
    }
    check(decoder.fellSilent())
    precondition(!decoder.isPartial)
  }
  return 0
}

func check(_ decoded: [Decoded]) {
  for case .code(let code) in decoded { precondition(!code.isEmpty && code.count <= 300) }
}
