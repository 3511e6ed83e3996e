// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records

@testable import ReceiptPrinters

/// A print system that does to the token folder what it is told.
actor FakeQueue: PrintQueue {
  enum Filter {
    case answers(String)
    case sleeps, takesTokenOnly
    case answersWhenCancelled(String)
  }

  let folder: String
  var filter: Filter
  var submitFault: PrintFault?
  var state = PrintJobState.processing
  private(set) var cancelled: [Int] = []
  private(set) var ensured = 0
  private(set) var cancelledAll = 0
  private var job = ""

  init(_ folder: String, _ filter: Filter, submitFault: PrintFault? = nil) {
    self.folder = folder
    self.filter = filter
    self.submitFault = submitFault
  }

  func set(_ state: PrintJobState) { self.state = state }

  func ensure() throws(PrintFault) {
    ensured += 1
    if submitFault == .noQueue { submitFault = nil }
  }

  func submit(_ document: SlipDocument) throws(PrintFault) -> Int {
    if let submitFault { throw submitFault }
    job = document.job.description
    if case .answers(let text) = filter { answer(text) }
    if case .takesTokenOnly = filter { unlink("\(folder)/tokens/\(job)") }
    if case .answersWhenCancelled = filter { unlink("\(folder)/tokens/\(job)") }
    return 7
  }

  func state(of job: Int) throws(PrintFault) -> PrintJobState { state }

  func cancel(_ number: Int) throws(PrintFault) {
    cancelled.append(number)
    if case .answersWhenCancelled(let text) = filter { answer(text) }
  }

  func cancelAll() throws(PrintFault) { cancelledAll += 1 }

  private func answer(_ text: String) {
    unlink("\(folder)/tokens/\(job)")
    _ = FileManager.default.createFile(
      atPath: "\(folder)/outcomes/\(job)", contents: Data(text.utf8))
  }
}
