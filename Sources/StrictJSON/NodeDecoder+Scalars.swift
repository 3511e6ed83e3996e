// SPDX-License-Identifier: Apache-2.0

extension NodeDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool {
    if case .null = node.value { true } else { false }
  }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .flag(let flag) = node.value else { throw misfit(.wrongType) }
    return flag
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .text(let text) = node.value else { throw misfit(.wrongType) }
    return text
  }

  func decode(_ type: Double.Type) throws -> Double { try fraction(type) }
  func decode(_ type: Float.Type) throws -> Float { try fraction(type) }
  func decode(_ type: Int.Type) throws -> Int { try whole(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try whole(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try whole(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try whole(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try whole(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try whole(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try whole(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try whole(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try whole(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try whole(type) }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try unbox(type) }

  /// Only what is written without point and exponent is whole.
  private func whole<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
    guard case .number(let text) = node.value,
      text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) })
    else { throw misfit(.wrongType) }
    guard let value = T(text) else {
      throw misfit(.invalidValue("the number does not fit into \(type)"))
    }
    return value
  }

  private func fraction<T: BinaryFloatingPoint & LosslessStringConvertible>(
    _ type: T.Type
  ) throws -> T {
    guard case .number(let text) = node.value else { throw misfit(.wrongType) }
    guard let value = T(text), value.isFinite else {
      throw misfit(.invalidValue("the number does not fit into \(type)"))
    }
    return value
  }
}
