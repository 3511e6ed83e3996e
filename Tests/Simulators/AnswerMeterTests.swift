// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulators

struct AnswerMeterTests {
  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n",
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  ]) func `an answer is complete at its last byte and not before`(text: String) {
    var meter = AnswerMeter()
    meter.take(Array(text.utf8.dropLast()))
    #expect(!meter.isComplete)
    meter.take(Array(text.utf8.suffix(1)))
    #expect(meter.isComplete)
  }

  @Test func `an answer of no stated length ends when the server closes`() {
    var meter = AnswerMeter()
    meter.take(Array("HTTP/1.1 200 OK\r\n\r\nhello".utf8))
    #expect(!meter.isComplete)
    meter.serverClosed()
    #expect(meter.isComplete)
  }

  @Test func `a server that closes too early has not answered`() {
    var meter = AnswerMeter()
    meter.take(Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".utf8))
    meter.serverClosed()
    #expect(!meter.isComplete)
  }
}
