// SPDX-License-Identifier: Apache-2.0

import Certificates
import Delivery
import DurableSQLite
import Records
import Synchronization
import Upkeep
import Wire

/// Who this terminal is: what it learned at enrolment, and the keys that never leave it.
struct Identity {
  let terminal: TerminalIdentity
  let signer: TerminalSigner
  let credentials: TerminalCredentials
  let tlsKey: CertificateKey

  init(_ folders: StartFile.Folders) throws {
    (terminal, signer) = try Loading.identity(folders)
    let key = try Loading.text(folders.tlsKey)
    let certificate = try Loading.text(folders.tlsCertificate)
    do throws(CertificateFault) {
      tlsKey = try CertificateKey(pem: key)
      credentials = try TerminalCredentials(
        certificate: certificate, privateKey: key, authority: terminal.authority)
    } catch {
      throw StartFault("\(folders.tlsCertificate): \(error); enrol this terminal anew")
    }
  }

  /// Names the enrolment in one line.
  var enrolment: String { "\(terminal.terminal) \(terminal.enrolledAt.milliseconds)" }

  /// Puts another certificate and authority where the next start reads them. The authority
  /// first: it was tried with the centre, which takes the old certificate until its end.
  func keep(certificate: String, authority: String, in folders: StartFile.Folders) throws {
    var identity = terminal
    identity.authority = authority
    try DurableFile.replace(folders.identity, with: Canonical.encode(identity))
    try DurableFile.replace(folders.tlsCertificate, with: Array(certificate.utf8))
  }
}
