// SPDX-License-Identifier: Apache-2.0

/// `GET /state`, and the answer to every order.
struct BenchState: Encodable, Sendable {
  struct Printer: Encodable, Sendable {
    var paper: String
    var cover: String
    var holding: Bool
    var statusWaiting: Bool
    var papers: Int
    var bytes: Int
    var buffered: Int
    /// Dots that hang out of the printer, printed and not cut.
    var uncut: Int
  }

  struct Network: Encodable, Sendable {
    var mode: String
    var answersLost: Int
    /// Of the way to the centre's time; nil when it has none of its own.
    var timeMode: String?
    var timeAnswersLost: Int?
  }

  /// False while its cable is pulled.
  var readerPlugged: Bool
  var card: Bool
  var cardNumber: String?
  var printer: Printer
  var network: Network
}
