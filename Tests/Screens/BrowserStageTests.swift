// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Screens
@testable import Visits

struct BrowserStageTests {
  private func scene(_ id: Int) -> Scene {
    Scene(
      id: id, name: "idle", visit: 1, look: .init(),
      roof: .init(service: "s", site: "s", date: "d", clock: "c", tag: nil), layout: .wall, here: nil,
      there: nil, steps: [], title: "t", lead: nil, read: [], body: [.heading("h")], act: [], next: nil,
      base: [], spoken: "", countdown: nil, chimes: false)
  }

  @Test func aPageThatComesLateGetsTheSceneThatIsShown() async throws {
    let stage = BrowserStage()
    await stage.show(scene(7))
    var messages = stage.attach(page: "a").makeAsyncIterator()
    guard case .scene(let json) = await messages.next() else {
      Issue.record("a scene comes first")
      return
    }
    #expect(json.contains(#""id":7"#))
    #expect(json.contains(#"{"heading":"h"}"#))
    #expect(!json.contains("\n"))
  }

  @Test func theNewestPageWinsAndTheOlderIsTold() async throws {
    let stage = BrowserStage()
    var older = stage.attach(page: "a").makeAsyncIterator()
    _ = stage.attach(page: "b")
    guard case .replaced = await older.next() else {
      Issue.record("the older page is told")
      return
    }
    #expect(await older.next() == nil)
  }

  @Test func aChoiceForAnOlderSceneIsStale() async throws {
    let stage = BrowserStage()
    var events = stage.events().makeAsyncIterator()
    await stage.show(scene(1))
    await stage.show(scene(2))
    #expect(!stage.take(Choice(scene: 1, choice: "file")))
    #expect(stage.take(Choice(scene: 1, choice: "typing", value: "13")))
    #expect(await events.next() == .chosen(Choice(scene: 1, choice: "typing", value: "13")))
    #expect(stage.take(Choice(scene: 2, choice: "file")))
    #expect(await events.next() == .chosen(Choice(scene: 2, choice: "file")))
  }
}
