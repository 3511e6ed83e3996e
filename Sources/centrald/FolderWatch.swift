// SPDX-License-Identifier: Apache-2.0

import Central
import CentralStore
import Logging
import Records
import ServiceLifecycle
import Wire

/// Every two seconds: are there other certificates, is there another catalogue?
struct FolderWatch: Service {
  let centre: Centre
  let certificates: DoorCertificates
  let folder: CatalogueFolder
  let installed: [String: Words.Sentence]

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var announced = await announce()
      // Ends only by being cancelled.
      while (try? await Task.sleep(for: .seconds(2))) != nil {
        certificates.look(centre.logger)
        lookForCatalogue()
        if announced < centre.catalogues.current.newest { announced = await announce() }
      }
    }
  }

  private func lookForCatalogue() {
    guard folder.newest() > centre.catalogues.current.newest else { return }
    do {
      centre.catalogues.replace(
        with: try folder.published(root: centre.keys.root, installed: installed))
    } catch {
      centre.logger.error("catalogue not taken", metadata: ["error": "\(error)"])
    }
  }

  /// Terminals hear of it once, whatever the number of restarts. The version they have heard
  /// of now; 0 when the store did not take it, and it must be said again.
  private func announce() async -> Int {
    let version = centre.catalogues.current.newest
    guard version > 0 else { return 0 }
    do throws(StoreFault) {
      try await centre.store.announce(catalogue: version, at: centre.clock.now().at)
      return version
    } catch {
      centre.logger.error("catalogue not announced", metadata: ["fault": "\(error)"])
      return 0
    }
  }
}
