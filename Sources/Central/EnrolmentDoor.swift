// SPDX-License-Identifier: Apache-2.0

import Certificates
import HTTPTypes
import Hummingbird
import Wire

/// The door for terminals that are not enrolled yet: they can do that here, and nothing
/// else.
struct EnrolmentDoor {
  let centre: Centre

  func responder() -> DoorResponder {
    var table = RouteTable(logger: centre.logger)
    table.get("healthz") { _, _ in Answer.json(["status": "ok"]) }
    table.get("v1/authority") { [centre] request, _ in
      Answer.cacheable(
        Array(try centre.authority.current.certificate.utf8), mediaType: "application/x-pem-file",
        control: "no-cache", for: request)
    }
    table.post("v1/enrolments") { [centre] request, _ in
      let message = try EnrolmentRequest.decode(try await Asking.body(of: request))
      return Answer.json(try await centre.enrol(message))
    }
    return table.responder()
  }
}
