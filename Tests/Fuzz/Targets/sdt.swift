// SPDX-License-Identifier: Apache-2.0

import CardReaders
import DeviceLinks

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  var decoder = SDTDecoder()
  let piece = Int(bytes.first ?? 0) + 1
  for place in stride(from: 0, to: bytes.count, by: piece) {
    for case .success(let reply) in decoder.take(bytes[place..<min(place + piece, bytes.count)]) {
      _ = try? CardRecord(reply.data).resident()
      _ = SDTRequest.read.isAnswered(by: reply)
    }
  }
  let asked = Exchange(at: .zero, event: .wrote(SDTRequest.read.frame))
  let answer = Exchange(at: .zero, event: .read(bytes))
  let scrubbed = SDTScrubber().scrub([asked, answer])[1].event
  if case .read(let clean) = scrubbed { precondition(clean.count == bytes.count) }
  return 0
}
