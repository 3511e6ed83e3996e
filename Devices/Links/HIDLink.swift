// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A human interface device by its node: the keys of a keyboard (evdev), or raw reports
/// (hidraw). Both need the right to open the node, which a udev rule gives.
///
/// Keys are read whole, as the kernel's `struct input_event`, 24 bytes each on 64-bit
/// systems (linux/input.h). Reports are read one at a time, each as the device sent it.
public actor HIDLink: ByteLink {
  /// The node's kind.
  public enum Kind: Hashable, Sendable {
    /// `/dev/input/event*`: taken for this link alone (EVIOCGRAB), so that what is typed
    /// reaches neither the page nor a console.
    case keys
    /// `/dev/hidraw*`.
    case reports
  }

  /// The kernel takes no longer report (HID_MAX_BUFFER_SIZE, linux/hid.h); a shorter reading
  /// would lose the rest of one.
  private static let longestReport = 16_384
  /// `HIDIOCGRDESC` takes at most this much.
  private static let longestDescriptor = 4096

  private let path: String
  private let thread: LinkThread
  private let wake: WakeLine
  /// Nil before opening and after closing.
  private var node: DeviceNode?
  /// What reports look like (Device Class Definition for HID 1.11, 6.2.2); empty for keys.
  public private(set) var reportDescriptor: [UInt8] = []

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  /// - Throws: `busy` when another program has taken the keys; `broken(ENOTTY)` or
  ///   `broken(EINVAL)` when the node is of another kind.
  public static func open(path: String, kind: Kind) async throws(LinkFault) -> HIDLink {
    let link = try HIDLink(path: path)
    try await link.open(kind)
    return link
  }

  private init(path: String) throws(LinkFault) {
    self.path = path
    thread = LinkThread(label: "hid link")
    wake = try WakeLine()
  }

  private func open(_ kind: Kind) throws(LinkFault) {
    let mode = kind == .keys ? O_RDONLY : O_RDWR
    let node = try DeviceNode(path: path, mode: mode, wake: wake)
    switch kind {
    case .keys: try Self.grab(node)
    case .reports: reportDescriptor = try Self.descriptor(of: node)
    }
    self.node = node
  }

  /// EVIOCGRAB, linux/input.h; ends with the descriptor.
  private static func grab(_ node: DeviceNode) throws(LinkFault) {
    let take: CInt = 1
    guard ioctl(node.descriptor, 0x4004_4590, take) == 0 else { throw LinkFault(errno: errno) }
  }

  /// HIDIOCGRDESCSIZE and HIDIOCGRDESC, linux/hidraw.h.
  private static func descriptor(of node: DeviceNode) throws(LinkFault) -> [UInt8] {
    var size: Int32 = 0
    guard ioctl(node.descriptor, 0x8004_4801, &size) == 0 else { throw LinkFault(errno: errno) }
    guard (0...Int32(longestDescriptor)).contains(size) else { throw .babble }
    // A 32-bit length, then room for the longest.
    let head = withUnsafeBytes(of: size) { Array($0) }
    var bytes = head + [UInt8](repeating: 0, count: longestDescriptor)
    guard ioctl(node.descriptor, 0x9004_4802, &bytes) == 0 else { throw LinkFault(errno: errno) }
    return Array(bytes[head.count..<head.count + Int(size)])
  }

  public func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault) {
    try await interruptible { self.opened { $0.send(bytes, patience) } }.get()
  }

  public func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8] {
    let limit = max(limit, Self.longestReport)
    return try await interruptible { self.opened { $0.receive(limit, patience) } }.get()
  }

  /// Sets a feature report; its first byte is the report's number.
  public func setFeature(_ report: [UInt8]) async throws(LinkFault) {
    guard let node else { throw .gone }
    var bytes = report
    // HIDIOCSFEATURE(length), linux/hidraw.h.
    let request = 0xC000_4806 | UInt(report.count & 0x3FFF) << 16
    guard ioctl(node.descriptor, request, &bytes) >= 0 else { throw LinkFault(errno: errno) }
  }

  public nonisolated func close() async {
    wake.pull(last: true)
    await shut()
  }

  private func shut() {
    node?.shut()
    node = nil
  }

  private func opened<Value>(
    _ work: (DeviceNode) -> Result<Value, LinkFault>
  ) -> Result<Value, LinkFault> {
    node.map(work) ?? .failure(.gone)
  }

  /// Runs `work` on the link's thread; a cancelled task ends its waiting at once.
  private func interruptible<Value: Sendable>(
    _ work: () -> Result<Value, LinkFault>
  ) async -> Result<Value, LinkFault> {
    await withTaskCancellationHandler(operation: work) { [wake] in wake.pull() }
  }
}
