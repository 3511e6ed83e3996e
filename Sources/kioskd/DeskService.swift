// SPDX-License-Identifier: Apache-2.0

import Logging
import Screens
import ServiceLifecycle
import Visits

/// Serves. What the last life left untold is settled by the desk before its first scene.
struct DeskService: Service {
  let desk: Desk
  let stage: BrowserStage
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown { await serve() }
  }

  private func serve() async {
    logger.info("serving")
    let (beats, beat) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await keepTime(beat) }
      await desk.serve(beats: beats)
      group.cancelAll()
    }
  }

  private func keepTime(_ beat: AsyncStream<Void>.Continuation) async {
    var count = 0
    while !Task.isCancelled {
      // Throws only when cancelled, which the loop sees.
      try? await Task.sleep(for: .milliseconds(1000 / Heartbeat.beatsPerSecond))
      beat.yield()
      count += 1
      if count % (10 * Heartbeat.beatsPerSecond) == 0 { stage.heartbeat() }
    }
  }
}
