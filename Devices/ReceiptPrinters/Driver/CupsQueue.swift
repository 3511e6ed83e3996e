// SPDX-License-Identifier: Apache-2.0

import CCUPS
import Records

/// The queue `slips` of our own cupsd.
public actor CupsQueue: PrintQueue {
  private static let queue = "ipp://localhost/printers/slips"

  private let thread = OwnThread("cups")
  private let socket: String
  private let device: String
  private let model: PrinterModel
  private var connection: CupsConnection?

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  /// `socket` is the path of cupsd's Unix socket (at most 107 bytes), `device` where the
  /// printer is, as a CUPS device URI.
  public init(socket: String, device: String, model: PrinterModel) {
    self.socket = socket
    self.device = device
    self.model = model
  }

  public func ensure() throws(PrintFault) {
    let description = Array(QueueDescription.ppd(model).utf8)
    let answer = try exchange(IPP_OP_CUPS_ADD_MODIFY_PRINTER, "/admin/", description) { request in
      request.add(IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", Self.queue)
      request.add(IPP_TAG_PRINTER, IPP_TAG_URI, "device-uri", device)
      request.add(IPP_TAG_PRINTER, IPP_TAG_TEXT, "printer-info", model.name)
      request.add(IPP_TAG_PRINTER, IPP_TAG_NAME, "printer-error-policy", "abort-job")
      request.add(IPP_TAG_PRINTER, "printer-is-shared", false)
      request.add(IPP_TAG_PRINTER, "printer-is-accepting-jobs", true)
      request.add(
        IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", Int(IPP_PSTATE_IDLE.rawValue))
    }
    try Self.check(answer)
  }

  /// One Print-Job request, so that no job without a document is ever left behind.
  public func submit(_ document: SlipDocument) throws(PrintFault) -> Int {
    let answer = try exchange(IPP_OP_PRINT_JOB, "/printers/slips", document.bytes) { request in
      request.add(IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", Self.queue)
      request.add(IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", "nightdesk")
      request.add(IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", document.job.description)
      request.add(
        IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", SlipDocument.mediaType)
      for (name, value) in QueueDescription.jobOptions(model) {
        request.add(IPP_TAG_JOB, IPP_TAG_INTEGER, name, value)
      }
    }
    try Self.check(answer)
    guard let number = answer.numbers("job-id").first else { throw .refused(answer.status) }
    return number
  }

  public func state(of job: Int) throws(PrintFault) -> PrintJobState {
    let answer = try exchange(IPP_OP_GET_JOB_ATTRIBUTES, "/") { request in
      request.add(IPP_TAG_OPERATION, IPP_TAG_URI, "job-uri", "ipp://localhost/jobs/\(job)")
      request.add(IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", "job-state")
    }
    if Self.isNotFound(answer) { return .ended }
    try Self.check(answer)
    switch answer.numbers("job-state").first.map({ UInt32($0) }) {
    case IPP_JSTATE_PENDING.rawValue, IPP_JSTATE_HELD.rawValue: return .waiting
    case IPP_JSTATE_PROCESSING.rawValue, IPP_JSTATE_STOPPED.rawValue: return .processing
    default: return .ended
    }
  }

  public func cancel(_ job: Int) throws(PrintFault) {
    let answer = try exchange(IPP_OP_CANCEL_JOB, "/jobs/\(job)") { request in
      request.add(IPP_TAG_OPERATION, IPP_TAG_URI, "job-uri", "ipp://localhost/jobs/\(job)")
      request.add(IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", "nightdesk")
    }
    let isOver = answer.status == Int(IPP_STATUS_ERROR_NOT_POSSIBLE.rawValue)
    if !isOver, !Self.isNotFound(answer) { try Self.check(answer) }
  }

  public func cancelAll() throws(PrintFault) {
    let answer = try exchange(IPP_OP_GET_JOBS, "/") { request in
      request.add(IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", "ipp://localhost/")
      request.add(IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", "not-completed")
      request.add(IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", "job-id")
    }
    if Self.isNotFound(answer) { return }
    try Self.check(answer)
    for job in answer.numbers("job-id") { try cancel(job) }
  }

  /// A kept connection may have been closed by the other side since; then once more with
  /// a new one. A document that was taken twice by this does no harm: its token is one.
  private func exchange(
    _ operation: ipp_op_t, _ resource: String, _ data: [UInt8] = [],
    _ describe: (IppMessage) -> Void
  ) throws(PrintFault) -> IppMessage {
    for _ in 0..<2 {
      let isKept = connection != nil
      guard let open = connection ?? CupsConnection(socket) else { throw .absent }
      connection = open
      guard let pointer = ippNewRequest(operation) else { throw .absent }
      let request = IppMessage(pointer)
      describe(request)
      if let answer = open.exchange(request, resource, data) { return answer }
      connection = nil
      if !isKept { break }
    }
    throw .absent
  }

  private static func isNotFound(_ answer: IppMessage) -> Bool {
    answer.status == Int(IPP_STATUS_ERROR_NOT_FOUND.rawValue)
  }

  private static func check(_ answer: IppMessage) throws(PrintFault) {
    if isNotFound(answer) { throw .noQueue }
    // 0x0000 to 0x00ff: done, perhaps with remarks.
    if answer.status >= 0x100 { throw .refused(answer.status) }
  }
}
