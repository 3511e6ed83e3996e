// SPDX-License-Identifier: Apache-2.0

/// How one list of entries differs from an earlier one.
public struct ListChanges<Entry: CatalogueEntry>: Hashable, Sendable, Codable {
  /// Ids that are no longer there.
  public var gone: [String]
  /// Entries that say something else now and stay where they were.
  public var changed: [Entry]
  /// Entries that are new, or stand in another place now.
  public var placed: [Placed]

  public struct Placed: Hashable, Sendable, Codable {
    /// The id it stands behind in the new list; nil at the front.
    public var after: String?
    public var entry: Entry
  }
}

extension ListChanges {
  /// Nil when the lists are equal.
  init?(from old: [Entry], to new: [Entry]) throws(DoubledID) {
    guard old != new else { return nil }
    let positions = try Self.positions(old)
    let ids = Set(try Self.positions(new).keys)
    let stays = Set(LongestGrowing.subsequence(new.compactMap { positions[$0.entryID] }))
    self.init(gone: old.map(\.entryID).filter { !ids.contains($0) }, changed: [], placed: [])
    var before: String?
    for entry in new {
      if let position = positions[entry.entryID], stays.contains(position) {
        if old[position] != entry { changed.append(entry) }
      } else {
        placed.append(Placed(after: before, entry: entry))
      }
      before = entry.entryID
    }
  }

  private static func positions(_ list: [Entry]) throws(DoubledID) -> [String: Int] {
    var positions: [String: Int] = [:]
    for (position, entry) in list.enumerated()
    where positions.updateValue(position, forKey: entry.entryID) != nil {
      throw DoubledID()
    }
    return positions
  }

  /// `old` with these changes made; throws when one of them does not fit it.
  func applied(to old: [Entry], at place: String) throws(CatalogueFault) -> [Entry] {
    let left = try remaining(of: old, at: place)
    var followers = try followers(at: place)
    var new: [Entry] = []
    new.reserveCapacity(left.count + placed.count)
    func follow(_ id: String?) {
      var before = id
      while let next = followers.removeValue(forKey: before) {
        new.append(next)
        before = next.entryID
      }
    }
    follow(nil)
    for entry in left {
      new.append(entry)
      follow(entry.entryID)
    }
    guard followers.isEmpty else {
      throw CatalogueFault(place: "\(place).placed", sentence: "stands behind nothing that is here")
    }
    return new
  }

  /// What stays where it was, as it reads now.
  private func remaining(of old: [Entry], at place: String) throws(CatalogueFault) -> [Entry] {
    let moved = Set(placed.map(\.entry.entryID))
    var leaving = Set(gone)
    var changes: [String: Entry] = [:]
    for entry in changed where changes.updateValue(entry, forKey: entry.entryID) != nil {
      throw CatalogueFault(place: "\(place).changed", sentence: "“\(entry.entryID)” is here twice")
    }
    var left: [Entry] = []
    for entry in old {
      if leaving.remove(entry.entryID) != nil || moved.contains(entry.entryID) { continue }
      left.append(changes.removeValue(forKey: entry.entryID) ?? entry)
    }
    if let stranger = leaving.min() {
      throw CatalogueFault(place: "\(place).gone", sentence: "there is no “\(stranger)”")
    }
    if let stranger = changes.keys.min() {
      throw CatalogueFault(place: "\(place).changed", sentence: "there is no “\(stranger)”")
    }
    return left
  }

  private func followers(at place: String) throws(CatalogueFault) -> [String?: Entry] {
    var followers: [String?: Entry] = [:]
    for (index, placed) in placed.enumerated()
    where followers.updateValue(placed.entry, forKey: placed.after) != nil {
      throw CatalogueFault(
        place: "\(place).placed[\(index)].after", sentence: "two entries stand in one place")
    }
    return followers
  }
}

/// An id stands twice in a list.
struct DoubledID: Error {}

/// The longest growing subsequence of different numbers, by patience sorting: what need not
/// be moved when a list is put in another order.
enum LongestGrowing {
  static func subsequence(_ numbers: [Int]) -> [Int] {
    var tops: [Int] = []  // index in `numbers` of the smallest end of a run of each length
    var previous = [Int?](repeating: nil, count: numbers.count)
    for (index, number) in numbers.enumerated() {
      var low = 0
      var high = tops.count
      while low < high {
        let middle = (low + high) / 2
        if numbers[tops[middle]] < number { low = middle + 1 } else { high = middle }
      }
      previous[index] = low > 0 ? tops[low - 1] : nil
      if low == tops.count { tops.append(index) } else { tops[low] = index }
    }
    var run: [Int] = []
    var next = tops.last
    while let index = next {
      run.append(numbers[index])
      next = previous[index]
    }
    return run.reversed()
  }
}
