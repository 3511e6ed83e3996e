// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

@testable import Delivery

struct CentralAnswerTests {
  private func read(_ status: Int, _ type: String?, _ body: String = "") -> CentralAnswer {
    CentralAnswer.read(
      LinkReply(status: status, mediaType: type, retryAfter: 7, body: Array(body.utf8)), batch: "b1")
  }

  private let empty = #"{"batch":"b1","verdicts":[]}"#
  private let id = "00000000-0001-7000-8000-000000000001"

  @Test(arguments: [401, 403, 407, 421])
  func theCentreDoesNotKnowUsAndNothingIsSetAside(_ status: Int) {
    #expect(read(status, "application/problem+json") == .unknownTerminal)
    #expect(read(status, BatchReply.mediaType, empty) == .unknownTerminal)
  }

  @Test(arguments: [408, 425, 429, 500, 502, 503, 504, 599])
  func busyOrBrokenMeansLater(_ status: Int) {
    #expect(read(status, BatchReply.mediaType, empty) == .later(seconds: 7))
  }

  @Test(arguments: [400, 402, 404, 405, 409, 410, 418, 451])
  func aStatusSettlesNothing(_ status: Int) {
    #expect(read(status, BatchReply.mediaType, empty) == .notUnderstood)
  }

  @Test(arguments: [413, 422])
  func tooMuchIsNoRefusal(_ status: Int) {
    #expect(read(status, "application/problem+json") == .tooMuch)
  }

  @Test(arguments: [(200, "text/html"), (302, "text/html"), (200, "application/json"), (204, nil)])
  func aCaptivePortalMeansLater(_ status: Int, _ type: String?) {
    #expect(read(status, type, empty) == .later(seconds: nil))
  }

  @Test func aReplyToAnotherBatchSettlesNothing() {
    #expect(read(200, BatchReply.mediaType, #"{"batch":"b2","verdicts":[]}"#) == .notUnderstood)
  }

  @Test func aReplyInOurTypeSettles() throws {
    let known = try #require(EnvelopeID(id))
    let reply = #"{"batch":"b1","verdicts":[{"id":"\#(id)","verdict":"stored"}],"auditCut":true}"#
    #expect(read(200, BatchReply.mediaType, reply) == .verdicts([known: .stored], auditCut: true))
  }

  @Test func doubledKeysSettleNothing() {
    let reply = #"{"batch":"b1","batch":"b1","verdicts":[]}"#
    #expect(read(200, BatchReply.mediaType, reply) == .notUnderstood)
  }

  @Test func twoWordsOnOneEnvelopeSettleNothing() {
    let words = #"{"id":"\#(id)","verdict":"stored"},{"id":"\#(id)","verdict":"already"}"#
    #expect(read(200, BatchReply.mediaType, #"{"batch":"b1","verdicts":[\#(words)]}"#) == .notUnderstood)
  }

  @Test func aRefusalWithoutAReasonSaysNothing() {
    let reply = #"{"batch":"b1","verdicts":[{"id":"\#(id)","verdict":"refused"}]}"#
    #expect(read(200, BatchReply.mediaType, reply) == .verdicts([:], auditCut: false))
  }
}

struct RetryAfterTests {
  private let date = "Sat, 21 Nov 2026 03:12:00 GMT"

  @Test func secondsAndDatesAreRead() {
    #expect(RetryAfter.seconds("120", date: nil) == 120)
    #expect(RetryAfter.seconds("Sat, 21 Nov 2026 03:13:30 GMT", date: date) == 90)
    #expect(RetryAfter.seconds("Sun, 22 Nov 2026 03:12:00 GMT", date: date) == 86_400)
  }

  @Test func aDateInThePastMeansNow() {
    #expect(RetryAfter.seconds("Fri, 20 Nov 2026 03:12:00 GMT", date: date) == 0)
  }

  @Test(arguments: [
    "", "-1", "1.5", "soon", "99999999999", "Sat, 31 Feb 2026 00:00:00 GMT", "Sat, 21 Nov 2026 25:00:00 GMT",
    "Saturday, 21-Nov-26 03:12:00 GMT", "Sat, 21 Nov 2026 03:12:00", "Sat, 21 Nov 2026 03:12:00 CST",
  ])
  func anythingElseIsNothing(_ value: String) {
    #expect(RetryAfter.seconds(value, date: date) == nil)
  }

  @Test func aDateIsMeasuredByTheAnswersOwnClockOnly() {
    #expect(RetryAfter.seconds(date, date: nil) == nil)
  }
}
