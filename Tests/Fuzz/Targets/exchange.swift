// SPDX-License-Identifier: Apache-2.0

import DeviceLinks

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count)
  guard let file = try? ExchangeFile(String(decoding: bytes, as: UTF8.self)) else { return 0 }
  // Both once more: comments lose their control characters on the way.
  guard let again = try? ExchangeFile(file.text) else { preconditionFailure("unreadable: \(file.text)") }
  precondition(again.exchanges.map(\.event) == file.exchanges.map(\.event))
  precondition(again.exchanges.map(\.at) == file.exchanges.map(\.at))
  precondition(again.text == file.text)
  return 0
}
