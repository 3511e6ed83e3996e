// SPDX-License-Identifier: Apache-2.0

/// Reads JSON (RFC 8259) into `Decodable` types and forgives nothing: doubled keys, keys
/// the type does not know, trailing bytes, broken UTF-8 and numbers that do not fit are
/// faults, each with its place. Signed documents and the bytes of strangers pass here.
public enum StrictJSON {
  /// What a document may cost.
  public struct Limits: Hashable, Sendable {
    /// Most levels of arrays and objects; at most 256, since each takes stack.
    public var depth: Int
    /// Most bytes.
    public var bytes: Int

    public init(depth: Int = 64, bytes: Int = 16 * 1024 * 1024) {
      self.depth = min(depth, 256)
      self.bytes = bytes
    }
  }

  /// One value of `type` from all of `bytes`.
  public static func decode<T: Decodable>(
    _ type: T.Type, from bytes: [UInt8], limits: Limits = .init()
  ) throws(JSONFault) -> T {
    do {
      guard bytes.count <= limits.bytes else {
        throw Misfit(path: [], offset: 0, reason: .tooLarge)
      }
      let root = try Parser.parse(bytes, depth: limits.depth)
      return try NodeDecoder(node: root, codingPath: []).unbox(type)
    } catch let misfit as Misfit {
      throw JSONFault(misfit, in: bytes)
    } catch {
      let reason = JSONFault.Reason.invalidValue(String(describing: error))
      throw JSONFault(Misfit(path: [], offset: 0, reason: reason), in: bytes)
    }
  }
}
