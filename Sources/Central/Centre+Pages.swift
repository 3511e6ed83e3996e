// SPDX-License-Identifier: Apache-2.0

import CentralStore
import HTTPTypes
import Hummingbird
import Records
import Wire

extension Centre {
  func progressPage(_ given: String) async throws -> Response {
    guard let number = CaseNumber(given) else {
      return page(Template.fill(pages.illFormed, words: words), status: .badRequest)
    }
    let standing = standing(of: try await store.publicApplication(number))
    let groups = number.groups
    let html = Template.fill(
      pages.progress, words: words,
      values: [
        "number": number.description, "state": standing.state.rawValue,
        "number1": groups.prefix(2).joined(separator: "-") + "-",
        "number2": groups.dropFirst(2).joined(separator: "-"),
        "headline.zh": standing.headline.zh, "headline.en": standing.headline.en,
        "advice.zh": standing.advice.zh, "advice.en": standing.advice.en,
      ])
    return page(html)
  }

  func clerkPage() -> Response { page(Template.fill(pages.clerk, words: words)) }

  func asset(_ name: String) throws -> Response {
    guard let asset = pages.assets[name] else { throw ProblemDetails.notFound }
    var headers = HTTPFields()
    headers[.contentType] = asset.mediaType
    headers[.cacheControl] = "no-cache"
    headers[.xContentTypeOptions] = "nosniff"
    return Response(
      status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
  }

  /// The number stands in the address and the claim code behind it: neither may travel on to
  /// another site, and no other site may put the page in a frame.
  private func page(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = "text/html; charset=utf-8"
    headers[.cacheControl] = "no-store"
    headers[.xContentTypeOptions] = "nosniff"
    if let policy = HTTPField.Name("Referrer-Policy") { headers[policy] = "no-referrer" }
    if let robots = HTTPField.Name("X-Robots-Tag") { headers[robots] = "noindex" }
    headers[.contentSecurityPolicy] = """
      default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
      """
    return Response(
      status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
  }
}
