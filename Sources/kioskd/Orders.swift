// SPDX-License-Identifier: Apache-2.0

import Certificates
import Control
import Delivery
import Records

/// What the centre may ask of this terminal by command.
struct Orders: Sendable {
  /// What `doctor` says.
  let doctor: @Sendable () -> [DoctorLine]
  let deliver: @Sendable () -> Void
  let renew: @Sendable () async -> CertificateRenewalReport
  let catalogue: @Sendable () -> Void

  /// A report is for a list, not for a study.
  private static let longestDetail = 1000

  func obey(_ command: Command) async -> CommandOutcome {
    switch command.act {
    case "report": return CommandOutcome(.done, detail: report())
    case "deliver": deliver()
    case "catalogue": catalogue()
    case "renew": return outcome(of: await renew())
    default: return CommandOutcome(.refused, detail: "this act is not known here")
    }
    return CommandOutcome(.done)
  }

  private func report() -> String {
    let lines = doctor().map { line in
      line.problem.map { "\(line.item) \(line.state) (\($0))" } ?? "\(line.item) \(line.state)"
    }
    return String(lines.joined(separator: "; ").prefix(Self.longestDetail))
  }

  private func outcome(of renewal: CertificateRenewalReport) -> CommandOutcome {
    switch renewal {
    case .renewed(let certificate):
      CommandOutcome(.done, detail: "until \(Day(certificate.notAfter).dashed)")
    case .refused(let why): CommandOutcome(.failed, detail: why)
    case .notKept: CommandOutcome(.failed, detail: "the certificate could not be kept")
    case .trouble(let trouble): CommandOutcome(.failed, detail: "\(trouble)")
    }
  }
}
