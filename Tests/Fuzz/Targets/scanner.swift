// SPDX-License-Identifier: Apache-2.0

import CodeScanners
import DeviceKit

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let decoders: [any CodeDecoder] = [LineDecoder(longest: 300), KeyDecoder(longest: 300)]
  for var decoder in decoders {
    let piece = Int(bytes.first ?? 0) + 1
    for place in stride(from: 0, to: bytes.count, by: piece) {
      check(decoder.take(Array(bytes[place..<min(place + piece, bytes.count)])))
    }
    check(decoder.fellSilent())
    precondition(!decoder.isPartial)
  }
  return 0
}

func check(_ decoded: [Decoded]) {
  for case .code(let code) in decoded {
    precondition(!code.isEmpty && code.count <= 300)
    _ = CodeText.text(code)
    if case .signed(let signed) = HeldCode(code, publicHost: "a.example") {
      precondition(signed.id.count == 16 && signed.signature.count == 64)
      precondition(code.starts(with: signed.signedBytes))
    }
  }
}
