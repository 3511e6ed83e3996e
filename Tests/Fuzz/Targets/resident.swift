// SPDX-License-Identifier: Apache-2.0

import CardReaders

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  _ = try? ResidentCard.decode(bytes)
  _ = try? ResidentCard.resident(ofRead: bytes, newestAddress: Array(bytes.prefix(70)))
  return 0
}
