// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Testing

@testable import CardReaders

@Suite("What a row of looks at the reader means")
struct CardPresenceTests {
  enum Look {
    case opened
    case miss
    case found(Resident)
    case foundUnreadable
    case foundUnselectable
  }

  private func events(_ looks: [Look], missesOfRemoval: Int = 2) -> [CardEvent] {
    var presence = CardPresence(missesOfRemoval: missesOfRemoval)
    var events: [CardEvent] = []
    for look in looks {
      switch look {
      case .opened: presence.linkOpened()
      case .miss: events += presence.missed()
      case .found(let resident): if presence.found() { events += presence.wasRead(resident) }
      case .foundUnreadable: if presence.found() { events += presence.readFailed() }
      case .foundUnselectable: if presence.found() { events += presence.selectFailed() }
      }
    }
    return events
  }

  private let first = Specimen.first
  private let second = Specimen.second

  @Test("put on, left there, taken off, put on again")
  func ordinary() {
    let looks: [Look] = [
      .opened, .miss, .found(first), .found(first), .miss, .miss, .miss, .found(first),
    ]
    #expect(
      events(looks) == [
        .presented(first, lying: false), .removed, .presented(first, lying: false),
      ])
  }

  @Test("a card found by the first look lies there; after off and on it does not")
  func lying() {
    #expect(events([.opened, .found(first)]) == [.presented(first, lying: true)])
    #expect(
      events([.opened, .found(first), .miss, .miss, .found(first)]) == [
        .presented(first, lying: true), .removed, .presented(first, lying: false),
      ])
  }

  @Test("one missed look is no removal, but the card is read again")
  func oneMiss() {
    #expect(
      events([.opened, .miss, .found(first), .miss, .found(first), .miss, .miss]) == [
        .presented(first, lying: false), .removed,
      ])
    #expect(
      events([.opened, .miss, .found(first), .miss, .found(second)]) == [
        .presented(first, lying: false), .removed, .presented(second, lying: false),
      ])
    #expect(
      events([.opened, .miss, .found(first), .miss, .foundUnreadable]) == [
        .presented(first, lying: false), .removed, .unreadable,
      ])
  }

  @Test("where a card is found once only, its end is told late, and a card found anew was put on anew")
  func foundOnce() {
    let put: [Look] = [.opened, .miss, .found(first), .miss, .miss, .miss]
    let said = CardEvent.presented(first, lying: false)
    #expect(events(put, missesOfRemoval: 5) == [said])
    #expect(events(put + [.miss, .miss], missesOfRemoval: 5) == [said, .removed])
    #expect(events(put + [.found(first), .miss], missesOfRemoval: 5) == [said, .removed, said])
    #expect(
      events(put + [.found(second)], missesOfRemoval: 5) == [
        said, .removed, .presented(second, lying: false),
      ])
    // A reader that finds it each time after all makes nothing of it.
    #expect(events([.opened, .miss] + Array(repeating: .found(first), count: 9), missesOfRemoval: 5) == [said])
    #expect(
      events([.opened, .miss, .foundUnreadable, .miss, .miss], missesOfRemoval: 5)
        == [.unreadable, .removed])
  }

  @Test("a lying card that is missed once still lies")
  func lyingMissedOnce() {
    #expect(
      events([.opened, .foundUnselectable, .miss, .found(first)])
        == [.presented(first, lying: true)])
  }

  @Test("an unreadable card is said once, and read again when put on again")
  func unreadable() {
    #expect(
      events([
        .opened, .miss, .foundUnreadable, .foundUnreadable, .found(first), .miss, .miss,
        .found(first),
      ]) == [.unreadable, .removed, .presented(first, lying: false)])
  }

  @Test("a card that cannot be selected is unreadable at the third look")
  func unselectable() {
    #expect(events([.opened, .miss, .foundUnselectable, .foundUnselectable]).isEmpty)
    #expect(
      events([.opened, .miss, .foundUnselectable, .foundUnselectable, .foundUnselectable])
        == [.unreadable])
    #expect(
      events([.opened, .miss, .foundUnselectable, .found(first)])
        == [.presented(first, lying: false)])
  }

  @Test("an interrupted link changes nothing for the same card, and removes another")
  func reopened() {
    let put: [Look] = [.opened, .miss, .found(first), .opened]
    let said = CardEvent.presented(first, lying: false)
    #expect(events(put + [.found(first), .found(first)]) == [said])
    #expect(events(put + [.found(first), .miss, .miss]) == [said, .removed])
    #expect(events(put + [.miss, .miss]) == [said, .removed])
    #expect(
      events(put + [.found(second)]) == [said, .removed, .presented(second, lying: true)])
    #expect(events(put + [.foundUnreadable]) == [said, .removed, .unreadable])
  }
}
