// SPDX-License-Identifier: Apache-2.0

import CUSB
import Glibc
import Synchronization

/// One transfer, from its making to its end; owns libusb's record of it and the buffer.
/// While it is under way libusb holds it, and it holds the device.
final class USBTransfer: Sendable {
  struct Landing: Sendable {
    enum End: Hashable, Sendable { case whole, late, cancelled, stalled, babble, gone }

    var end: End
    /// Read: what came. Written: what the device took.
    var bytes: [UInt8]
  }

  private struct State {
    var isCancelled = false
    var isUnderWay = false
    var landing: Landing?
    var waiting: [CheckedContinuation<Landing, Never>] = []
  }

  private let device: USBDevice
  private let pipe: USBPipe
  // Both touched by libusb alone while it is under way, by `land` after that.
  nonisolated(unsafe) private let transfer: UnsafeMutablePointer<libusb_transfer>
  private nonisolated(unsafe) let buffer: UnsafeMutableBufferPointer<UInt8>
  private let state = Mutex(State())

  /// Writes `bytes`.
  convenience init(
    _ bytes: [UInt8], to pipe: USBPipe, of device: USBDevice, within patience: Duration
  ) throws(LinkFault) {
    try self.init(device, pipe, bytes.count, patience)
    _ = buffer.update(fromContentsOf: bytes)
  }

  /// Reads up to `length` bytes, a multiple of the pipe's packets: part of a packet would
  /// have no room.
  convenience init(
    reading length: Int, from pipe: USBPipe, of device: USBDevice, within patience: Duration
  ) throws(LinkFault) {
    try self.init(device, pipe, length, patience)
  }

  private init(
    _ device: USBDevice, _ pipe: USBPipe, _ length: Int, _ patience: Duration
  ) throws(LinkFault) {
    guard let transfer = libusb_alloc_transfer(0) else { throw .broken(ENOMEM) }
    self.device = device
    self.pipe = pipe
    self.transfer = transfer
    buffer = .allocate(capacity: max(length, 1))
    buffer.initialize(repeating: 0)
    libusb_fill_bulk_transfer(
      transfer, device.handle, pipe.address, buffer.baseAddress, Int32(clamping: length),
      { transfer in
        guard let user = transfer?.pointee.user_data else { return }
        Unmanaged<USBTransfer>.fromOpaque(user).takeRetainedValue().land()
      },
      // To libusb 0 means for ever.
      nil, UInt32(max(patience.wholeMilliseconds, 1)))
    if pipe.isInterrupt { transfer.pointee.type = UInt8(LIBUSB_TRANSFER_TYPE_INTERRUPT.rawValue) }
  }

  deinit {
    libusb_free_transfer(transfer)
    buffer.deallocate()
  }

  /// Sends it on its way, once, and waits for its end; a cancelled task cancels it.
  func run() async -> Landing {
    await withTaskCancellationHandler {
      submit()
      return await landing()
    } onCancel: {
      cancel()
    }
  }

  /// Its end, at once or later.
  func landing() async -> Landing {
    await withCheckedContinuation { waiting in
      let landed = state.withLock { state in
        if state.landing == nil { state.waiting.append(waiting) }
        return state.landing
      }
      if let landed { waiting.resume(returning: landed) }
    }
  }

  var hasLanded: Bool { state.withLock { $0.landing != nil } }

  /// What came before libusb heard of it still counts.
  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      // Its end comes by the callback.
      if state.isUnderWay { libusb_cancel_transfer(transfer) }
    }
  }

  private func submit() {
    let refused: Landing.End? = state.withLock { state in
      if state.isCancelled { return .cancelled }
      guard device.isOpen else { return .gone }
      transfer.pointee.user_data = Unmanaged.passRetained(self).toOpaque()
      let code = libusb_submit_transfer(transfer)
      state.isUnderWay = code == 0
      if code == 0 { return nil }
      // No callback comes.
      Unmanaged.passUnretained(self).release()
      return LinkFault(libusb: code) == .stalled ? .stalled : .gone
    }
    if let refused { finish(Landing(end: refused, bytes: [])) }
  }

  /// On the event thread.
  private func land() {
    let count = Int(max(transfer.pointee.actual_length, 0))
    let end = Landing.End(transfer.pointee.status)
    // After babble not even the count is to be trusted.
    finish(Landing(end: end, bytes: end == .babble ? [] : Array(buffer.prefix(count))))
  }

  private func finish(_ landing: Landing) {
    let waiting = state.withLock { state in
      state.isUnderWay = false
      state.landing = landing
      defer { state.waiting = [] }
      return state.waiting
    }
    for one in waiting { one.resume(returning: landing) }
  }
}

extension USBTransfer.Landing.End {
  fileprivate init(_ status: libusb_transfer_status) {
    self =
      switch status {
      case LIBUSB_TRANSFER_COMPLETED: .whole
      case LIBUSB_TRANSFER_TIMED_OUT: .late
      case LIBUSB_TRANSFER_CANCELLED: .cancelled
      case LIBUSB_TRANSFER_STALL: .stalled
      case LIBUSB_TRANSFER_OVERFLOW: .babble
      // A line error (ERROR) is what a pulled cable looks like until the hub says so;
      // whether the device is still there, opening it anew tells.
      default: .gone
      }
  }
}
