// SPDX-License-Identifier: Apache-2.0

import CentralStore
import HTTPTypes
import Hummingbird
import Records
import ServiceLifecycle
import Wire

/// The door for residents and clerks, and for whoever watches the centre: plain HTTP on the
/// loopback address, behind a front proxy with the public certificate.
struct PublicDoor {
  let centre: Centre

  func responder() -> DoorResponder {
    var table = RouteTable(logger: centre.logger)
    addWatching(to: &table)
    addResidents(to: &table)
    addClerks(to: &table)
    addTerminalsOfClerks(to: &table)
    return table.responder()
  }

  private func addWatching(to table: inout RouteTable) {
    table.get("healthz") { _, _ in Answer.json(["status": "ok"]) }
    table.get("readyz") { [centre] _, _ in await centre.readiness() }
    table.get("metrics") { [centre] _, _ in
      Answer.text(try await centre.metrics(), mediaType: Meter.mediaType)
    }
    table.get("v1/time") { [centre] request, _ in
      Answer.json(try centre.signedTime(nonce: String(request.uri.queryParameters["nonce"] ?? "")))
    }
  }

  private func addResidents(to table: inout RouteTable) {
    table.get("v1/progress/:number") { [centre] request, context in
      try await centre.state(of: try Asking.number(context), for: request)
    }
    table.post("v1/progress") { [centre] request, context in
      let address = context.address(of: request, behind: centre.proxies)
      return try await centre.claimedProgress(request, from: address)
    }
    table.get("p/:number") { [centre] _, context in
      try await centre.progressPage(context.parameters.get("number") ?? "")
    }
    table.get("assets/:file") { [centre] request, context in
      try centre.pages.asset(context.parameters.get("file") ?? "", for: request)
    }
  }

  private func addClerks(to table: inout RouteTable) {
    let token = ClerkToken(centre.keys.clerkToken)
    table.get(
      "v1/cases",
      token.only { [centre] request, _ in
        let page = try Asking.page(request)
        return Answer.json(try await centre.listing(after: page.cursor, limit: page.limit))
      })
    table.get(
      "v1/cases/:number/envelope",
      token.only { [centre] _, context in
        Answer.json(try await centre.sealedCase(try Asking.number(context)))
      })
    table.get(
      "v1/counts",
      token.only { [centre] _, _ in
        Answer.json(try await centre.store.counts())
      })
    table.get(
      "v1/tasks",
      token.only { [centre] request, _ in
        let page = try Asking.page(request)
        return Answer.json(
          try await centre.tasks(
            after: page.cursor, limit: page.limit, open: try Asking.isOpen(request)))
      })
    table.post(
      "v1/tasks/:row/settlement",
      token.only { [centre] request, context in
        let settlement = try await Asking.message(Settlement.self, in: request)
        let row = Asking.digits(context.parameters.get("row") ?? "")
        return Answer.json(try await centre.settle(row, settlement))
      })
    table.post(
      "v1/imports",
      token.only { [centre] request, _ in
        let bytes = try await Asking.body(of: request, limit: BodyLimit.batch)
        return Answer.json(try await centre.takeImport(bytes))
      })
    table.post(
      "v1/clerk/matters/:matter/withdraw",
      token.only { [centre] _, context in
        Answer.json(try await centre.withdraw(matter: context.parameters.get("matter") ?? ""))
      })
  }

  private func addTerminalsOfClerks(to table: inout RouteTable) {
    let token = ClerkToken(centre.keys.clerkToken)
    table.get(
      "v1/terminals",
      token.only { [centre] _, _ in
        Answer.json(try await centre.terminals())
      })
    table.get(
      "v1/terminals/:terminal/commands",
      token.only { [centre] _, context in
        Answer.json(try await centre.commands(of: context.parameters.get("terminal") ?? ""))
      })
    table.post(
      "v1/terminals/:terminal/commands",
      token.only { [centre] request, context in
        let order = try await Asking.message(CommandOrder.self, in: request)
        let terminal = context.parameters.get("terminal") ?? ""
        return Answer.json(try await centre.order(order, for: terminal), status: .created)
      })
    table.post(
      "v1/terminals/:terminal/revocation",
      token.only { [centre] _, context in
        Answer.json(try await centre.revoke(context.parameters.get("terminal") ?? ""))
      })
  }
}
