// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Synchronization
import Visits

/// The stage as a browser's page: scenes go out, choices come back. The newest page has
/// the stage; an older one is told so.
public final class BrowserStage: Stage, Sendable {
  /// One thing to say to a page.
  enum Message: Sendable {
    case scene(String)
    case replaced
    case heartbeat
  }

  private struct State {
    var sceneID: Int?
    var scene: String?
    var page: (name: String, messages: AsyncStream<Message>.Continuation)?
    var listener: AsyncStream<StageEvent>.Continuation?
  }

  private let state = Mutex(State())

  public init() {}

  public func show(_ scene: Scene) async {
    guard let json = Self.line(scene) else { return }
    state.withLock { state in
      state.sceneID = scene.id
      state.scene = json
      state.page?.messages.yield(.scene(json))
    }
  }

  public func events() -> AsyncStream<StageEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: StageEvent.self)
    state.withLock { state in
      state.listener?.finish()
      state.listener = continuation
    }
    return stream
  }

  /// Keeps a connection from looking dead to whatever lies between.
  public func heartbeat() {
    state.withLock { _ = $0.page?.messages.yield(.heartbeat) }
  }

  /// Ends the page's stream, so that the server can stop.
  public func close() {
    state.withLock { $0.page?.messages.finish() }
  }

  func attach(page name: String) -> AsyncStream<Message> {
    let (stream, continuation) = AsyncStream.makeStream(of: Message.self)
    state.withLock { state in
      state.page?.messages.yield(.replaced)
      state.page?.messages.finish()
      state.page = (name, continuation)
      if let scene = state.scene { continuation.yield(.scene(scene)) }
    }
    return stream
  }

  /// False when the choice answers a scene that is no longer shown. What was typed there up to
  /// its end is heard all the same: it decides nothing.
  func take(_ choice: Choice) -> Bool {
    state.withLock { state in
      guard choice.scene == state.sceneID || choice.choice == "typing" else { return false }
      state.listener?.yield(.chosen(choice))
      return true
    }
  }

  func confirm(drawn scene: Int) {
    state.withLock { _ = $0.listener?.yield(.drawn(scene)) }
  }

  private static func line(_ scene: Scene) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // A scene is made of strings and numbers only; it cannot fail to encode.
    guard let data = try? encoder.encode(scene) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}
