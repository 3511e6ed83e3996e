// SPDX-License-Identifier: Apache-2.0

/// The terminal's own start-up file: folders, ports and the places of its devices. Lies on
/// the terminal, is never signed, is read once.
public struct StartFile: Hashable, Sendable, Codable {
  public var folders: Folders
  public var screens: Screens
  public var staff: Staff
  public var centre: Centre
  public var places: Places
  public var cups: Cups
  public var pruning: Pruning?

  public struct Folders: Hashable, Sendable, Codable {
    /// Kept over restarts: ledger, shelves, identity, settings.
    public var state: String
    /// Gone with a boot: sockets, the page's token.
    public var run: String
    /// What is installed: page, words, catalogue, device models.
    public var share: String
  }

  public struct Screens: Hashable, Sendable, Codable {
    public var port: Int
    /// Origins that may frame the resident's page; only a bench has any.
    public var frameAncestors: [String]?
  }

  /// The page of those who look after the terminal.
  public struct Staff: Hashable, Sendable, Codable {
    /// Its own, so that the resident's page is of another origin.
    public var port: Int
  }

  public struct Centre: Hashable, Sendable, Codable {
    /// Where the centre speaks mutual TLS with its terminals.
    public var url: String
    /// Where it answers with its signed time, in clear.
    public var time: String
  }

  public struct Cups: Hashable, Sendable, Codable {
    /// Socket of this terminal's own cupsd; 107 bytes at most (`sun_path`).
    public var socket: String
    /// Folder shared with the filter: `tokens`, `outcomes`.
    public var paper: String
  }

  /// When what the centre has had for long enough leaves the ledger: every hour, and first
  /// after the start, as soon as a look finds that nobody is served.
  public struct Pruning: Hashable, Sendable, Codable {
    /// Seconds from the start to the first look, and from each to the next: 60 when it is not
    /// given, since a start has more urgent things to do; 1 at least.
    public var lookEvery: UInt32?
  }
}

extension StartFile {
  /// Between two looks whether the ledger can be pruned now.
  public var pruningLook: Duration { .seconds(max(1, pruning?.lookEvery ?? 60)) }
}

/// Where things lie, given the folders.
extension StartFile.Folders {
  public var ledger: String { state + "/ledger" }
  /// Allotments that ledgers of this terminal have numbered from; outlives every ledger.
  public var allotments: String { state + "/allotments" }
  /// Where broken ledgers lie that were moved aside.
  public var aside: String { state + "/aside" }
  public var shelves: String { state + "/shelves" }
  public var settings: String { state + "/settings.dsse" }
  public var identity: String { state + "/identity/identity.json" }
  public var terminalKey: String { state + "/identity/terminal.key" }
  public var tlsKey: String { state + "/identity/tls.key" }
  public var tlsCertificate: String { state + "/identity/tls.pem" }
  /// A signed time that the kernel's clock should be set to; see nightdesk-clock.
  public var clockProposal: String { run + "/clock/proposal.json" }
  public var control: String { run + "/control.sock" }
  public var screenToken: String { run + "/screens.token" }
  public var staffToken: String { run + "/staff.token" }
  public var web: String { share + "/Kiosk/Web" }
  public var staffPage: String { share + "/Kiosk/Staff" }
  public var words: String { share + "/Kiosk/Words" }
  public var catalogue: String { share + "/Kiosk/Catalogue/catalogue.json" }

  /// The folders of all models of a kind.
  public func models(of kind: PlaceKind) -> String { share + "/Devices/\(kind.folder)/Models" }
}
