// SPDX-License-Identifier: Apache-2.0

import DeviceKit

/// What serves at a place now: a model, and where it hangs.
public struct Fitting: Hashable, Sendable {
  public enum Spot: Hashable, Sendable {
    case tty(String)
    /// A node that is there only while such a device is.
    case node(String)
    /// Bus and ports of the device that is there now.
    case port(String)
    /// The print system's name of it.
    case queue(String)
  }

  public var model: String
  public var spot: Spot

  public init(model: String, spot: Spot) {
    self.model = model
    self.spot = spot
  }
}

extension Fitting {
  /// Who serves where. USB and the node of a model show what hangs there, so an allowed one that
  /// is seen comes first; a tty shows nothing, so the first allowed model of a line serves there,
  /// and behind it one whose node may still come. Places that name their port have it; the
  /// others, in the order of their names, take what is left.
  ///
  /// - Parameters:
  ///   - models: how each model that the places allow is connected.
  ///   - bus: what hangs on USB now.
  ///   - nodes: the places' nodes that are there now.
  /// - Returns: nothing for a place where nothing fits now.
  public static func all(
    of places: [String: Place], models: [String: DeviceConnection], on bus: [USBSighting],
    nodes: Set<String> = []
  ) -> [String: Fitting] {
    let named = Set(places.values.compactMap(\.port))
    var free = bus.filter { !named.contains($0.port) }.sorted { $0.port < $1.port }
    var fittings: [String: Fitting] = [:]
    for (name, place) in places.sorted(by: { $0.key < $1.key }) {
      let seen = place.port.map { port in bus.filter { $0.port == port } } ?? free
      let fitting =
        onBus(place, models, seen) ?? atNode(place, models, nodes) ?? elsewhere(place, models)
      fittings[name] = fitting
      if case .port(let port) = fitting?.spot { free.removeAll { $0.port == port } }
    }
    return fittings
  }

  private static func onBus(
    _ place: Place, _ models: [String: DeviceConnection], _ seen: [USBSighting]
  ) -> Fitting? {
    for model in place.models {
      guard case .usb(let identity) = models[model],
        let sighting = seen.first(where: { $0.identity == identity })
      else { continue }
      return Fitting(model: model, spot: .port(sighting.port))
    }
    return nil
  }

  /// - Parameter nodes: nil when it need not be there yet.
  private static func atNode(
    _ place: Place, _ models: [String: DeviceConnection], _ nodes: Set<String>?
  ) -> Fitting? {
    guard let node = place.node, nodes?.contains(node) ?? true else { return nil }
    return place.models.first { models[$0] == .node }.map { Fitting(model: $0, spot: .node(node)) }
  }

  private static func elsewhere(_ place: Place, _ models: [String: DeviceConnection]) -> Fitting? {
    for model in place.models {
      switch models[model] {
      case .line: if let tty = place.tty { return Fitting(model: model, spot: .tty(tty)) }
      case .queue: if let uri = place.uri { return Fitting(model: model, spot: .queue(uri)) }
      case .usb, .node, nil: continue
      }
    }
    return atNode(place, models, nil)
  }
}
