// SPDX-License-Identifier: Apache-2.0

import CardReaders

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  _ = try? CardText(bytes).resident()
  _ = try? CardRecord(bytes).resident(newestAddress: Array(bytes.prefix(70)))
  if let text = try? CardText(bytes) { _ = CardField.allCases.map(text.shown) }
  _ = CardText.shown(address: bytes)
  return 0
}
