// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Simulators

/// A terminal's devices and network without hardware, with a bench to play them by hand.
@main
struct NightdeskSim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nightdesk-sim",
    abstract: "Simulates a terminal's card reader, code scanner, slip printer and network.",
    discussion: """
      Example:
        nightdesk-sim --folder /tmp/bench --reader-tty /tmp/bench/reader.tty \\
          --printer-port 40002 --proxy-port 40003 --proxy-to 127.0.0.1:40005 \\
          --time-proxy-port 40006 --time-proxy-to 127.0.0.1:40007 \\
          --panel-port 40004 --screen-origin http://127.0.0.1:40001 \\
          --screen-token-file /tmp/run/screens.token --bench-page Kiosk/Bench
      """)

  @Option(help: "Folder for the papers (papers/001.bin, .png, .json); made when missing.")
  var folder: String

  @Option(help: "Where the reader's terminal appears, as a symbolic link.")
  var readerTty: String

  @Option(help: "Where the code scanner's terminal appears, as a symbolic link; none without it.")
  var scannerTty: String?

  @Option(help: "Port on which the printer listens (AppSocket).")
  var printerPort: UInt16

  @Option(help: "Port on which the way to the centre begins.")
  var proxyPort: UInt16

  @Option(help: "The centre's port for terminals: 127.0.0.1:PORT.")
  var proxyTo: Loopback

  @Option(help: "Port on which the way to the centre's time begins; needs --time-proxy-to.")
  var timeProxyPort: UInt16?

  @Option(help: "Where the centre tells its time in clear: 127.0.0.1:PORT.")
  var timeProxyTo: Loopback?

  @Option(help: "Port of the bench and its control interface.")
  var panelPort: UInt16

  @Option(help: "The resident's screen: http://127.0.0.1:PORT.")
  var screenOrigin: Loopback

  @Option(help: "File that holds the screen's token.")
  var screenTokenFile: String?

  @Option(help: "Folder with the bench page.")
  var benchPage: String?

  func validate() throws {
    guard (timeProxyPort == nil) == (timeProxyTo == nil) else {
      throw ValidationError("--time-proxy-port and --time-proxy-to belong together.")
    }
  }

  func run() async throws {
    let bench = try openBench()
    let panel = Panel(
      bench: bench, port: panelPort, page: benchPage,
      screen: Screen(origin: screenOrigin, tokenFile: screenTokenFile))
    do {
      try await panel.run()
    } catch {
      bench.stop()
      throw Complaint("The bench cannot listen on port \(panelPort); is another one running?")
    }
    bench.stop()
  }

  private func openBench() throws -> Bench {
    let papers = folder + "/papers"
    do {
      try FileManager.default.createDirectory(
        atPath: papers, withIntermediateDirectories: true)
      let toTime = timeProxyPort.flatMap { port in timeProxyTo.map { Bench.Way(port: port, to: $0.port) } }
      return try Bench(
        papers: papers, readerLink: readerTty, scannerLink: scannerTty, printerPort: printerPort,
        toCentre: Bench.Way(port: proxyPort, to: proxyTo.port), toTime: toTime)
    } catch let fault as SimulatorFault {
      throw Complaint(fault)
    } catch {
      throw Complaint("The folder \(papers) cannot be made; give one that may be written.")
    }
  }
}

/// One sentence for the person who started the command.
struct Complaint: Error, CustomStringConvertible {
  let description: String

  init(_ sentence: String) {
    description = sentence
  }

  init(_ fault: SimulatorFault) {
    description =
      switch fault {
      case .noTerminal(let path):
        "The device's terminal cannot be put at \(path); is a file in its place?"
      case .portTaken(let port): "Port \(port) is taken; stop what listens there or give another."
      case .cannotWrite(let path): "\(path) cannot be written."
      case .outOfDescriptors: "No file descriptor is free."
      }
  }
}
