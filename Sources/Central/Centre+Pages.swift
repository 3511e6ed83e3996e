// SPDX-License-Identifier: Apache-2.0

import CentralStore
import HTTPTypes
import Hummingbird
import Records
import Wire

extension Centre {
  func progressPage(_ given: String) async throws -> Response {
    guard let number = CaseNumber(given) else {
      var response = Pages.page(Template.fill(pages.illFormed, words: words))
      response.status = .badRequest
      return response
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
    return Pages.page(html)
  }
}

extension Pages {
  func asset(_ name: String, for request: Request) throws -> Response {
    guard let asset = assets[name] else { throw ProblemDetails.notFound }
    var response = Answer.cacheable(
      asset.bytes, mediaType: asset.mediaType, control: "no-cache", for: request)
    response.headers[.xContentTypeOptions] = "nosniff"
    return response
  }

  /// The number stands in the address and the claim code, or a clerk's token, behind it:
  /// neither may travel on to another site, and no other site may put the page in a frame.
  static func page(_ html: String) -> Response {
    var response = Answer.text(html, mediaType: "text/html; charset=utf-8")
    response.headers[.xContentTypeOptions] = "nosniff"
    if let policy = HTTPField.Name("Referrer-Policy") { response.headers[policy] = "no-referrer" }
    if let robots = HTTPField.Name("X-Robots-Tag") { response.headers[robots] = "noindex" }
    response.headers[.contentSecurityPolicy] = """
      default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
      """
    return response
  }
}
