// SPDX-License-Identifier: Apache-2.0

/// Why the print system did not do what was asked.
public enum PrintFault: Error, Hashable, Sendable {
  /// It does not answer.
  case absent
  /// It does not know the queue.
  case noQueue
  /// It said no; the IPP status code of RFC 8011.
  case refused(Int)
}

/// Where a job stands in the print system. Says nothing about paper.
public enum PrintJobState: Hashable, Sendable {
  case waiting, processing
  /// Completed, aborted, cancelled, or not known any more.
  case ended
}

/// The wire of a printer: documents in, jobs watched and cancelled. Every call returns
/// within some seconds.
public protocol PrintQueue: Sendable {
  /// Makes the queue, or sets it right again.
  func ensure() async throws(PrintFault)
  /// Hands a document over; gives the number by which the print system knows the job.
  func submit(_ document: SlipDocument) async throws(PrintFault) -> Int
  func state(of job: Int) async throws(PrintFault) -> PrintJobState
  /// A job that has ended already is no fault.
  func cancel(_ job: Int) async throws(PrintFault)
  func cancelAll() async throws(PrintFault)
}
