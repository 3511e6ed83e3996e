// SPDX-License-Identifier: Apache-2.0

import Records

/// What a visit asks the centre: bounded by a patience that a person at a screen has, cancelled
/// with the visit, nothing stored.
public struct Enquiries<Time: Clock<Duration>>: Enquiry {
  private let link: any CentralLink
  private let patience: Duration
  private let clock: Time

  public init(link: any CentralLink, patience: Duration = .seconds(5), clock: Time) {
    self.link = link
    self.patience = patience
    self.clock = clock
  }

  public func progress(
    of number: CaseNumber, code: ClaimCode?
  ) async throws(EnquiryFault) -> CaseProgress {
    let (link, clock, patience) = (link, clock, patience)
    let first = await withTaskGroup(of: Result<CaseProgress, EnquiryFault>.self) { race in
      race.addTask {
        do throws(EnquiryFault) {
          return .success(try await link.progress(of: number, code: code))
        } catch {
          return .failure(error)
        }
      }
      race.addTask {
        // Throws only when cancelled: then nobody waits for the answer.
        try? await clock.sleep(for: patience)
        return .failure(.unreachable)
      }
      defer { race.cancelAll() }
      return await race.next()
    }
    return try (first ?? .failure(.unreachable)).get()
  }
}
