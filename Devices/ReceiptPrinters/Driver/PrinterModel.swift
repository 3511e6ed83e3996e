// SPDX-License-Identifier: Apache-2.0

import DeviceKit

/// What is particular to one model of receipt printer: a data file under
/// `Devices/ReceiptPrinters/Models`, so that a sibling model is a file and not a build.
public struct PrinterModel: Hashable, Sendable {
  /// The paper and what of it the head reaches.
  public struct Paper: Hashable, Sendable, Decodable {
    /// Dots a row, a multiple of eight; 576 on 80 mm and 384 on 58 mm paper at 8 dots/mm.
    public var dots: Int
    /// Dots left white at both edges.
    public var margin: Int

    public init(dots: Int, margin: Int) {
      self.dots = dots
      self.margin = margin
    }
  }

  /// How long an answer may take, in milliseconds.
  public struct Patience: Hashable, Sendable, Decodable {
    /// For the first status answer, with the opening of the connection.
    public var firstAnswer: Int
    /// For each further status answer.
    public var answer: Int
    /// For the in-order answer after what was sent has been printed.
    public var printing: Int

    public init(firstAnswer: Int, answer: Int, printing: Int) {
      self.firstAnswer = firstAnswer
      self.answer = answer
      self.printing = printing
    }
  }

  /// The file's name without its ending.
  public var id: String
  /// The driver that serves it; here always `escpos`.
  public var driver: String
  public var name: String
  public var paper: Paper
  public var patience: Patience
  /// Bytes that may be on their way before the printer has confirmed the half of them:
  /// less than its own buffer, so that a cancel always gets through. 0: no confirming
  /// in between, for a printer that stops at each one.
  public var window: Int

  public init(
    id: String, driver: String, name: String, paper: Paper, patience: Patience, window: Int
  ) {
    self.id = id
    self.driver = driver
    self.name = name
    self.paper = paper
    self.patience = patience
    self.window = window
  }

  public var connection: DeviceConnection { .queue }
}

extension PrinterModel: DeviceModel {
  private enum CodingKeys: String, CodingKey {
    case id, driver, name, paper, patience, window
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try values.decode(String.self, forKey: .id),
      driver: try values.decode(String.self, forKey: .driver),
      name: try values.decode(String.self, forKey: .name),
      paper: try values.decode(Paper.self, forKey: .paper),
      patience: try values.decode(Patience.self, forKey: .patience),
      window: try values.decode(Int.self, forKey: .window))
    guard let (key, why) = fault else { return }
    throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: why)
  }

  /// The first value that cannot be.
  private var fault: (CodingKeys, String)? {
    if driver != "escpos" { return (.driver, "the driver is not escpos") }
    if !(256...1024).contains(paper.dots) || !paper.dots.isMultiple(of: 8) {
      return (.paper, "dots is not a multiple of eight from 256 to 1024")
    }
    if !(0...paper.dots / 8).contains(paper.margin) {
      return (.paper, "margin is negative or more than an eighth of the paper")
    }
    let waits = [patience.firstAnswer, patience.answer, patience.printing]
    if !waits.allSatisfy((1...120_000).contains) { return (.patience, "not all are 1 to 120000 ms") }
    if window != 0, !(8_192...1_048_576).contains(window) {
      return (.window, "\(window) is neither 0 nor 8192 to 1048576")
    }
    return nil
  }
}
