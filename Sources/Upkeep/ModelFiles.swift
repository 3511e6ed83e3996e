// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import StrictJSON

/// One model file as it was found.
public struct ModelFile: Hashable, Sendable {
  /// The folder it lies in, which bears the model's name.
  public var folder: String
  /// Where it lies, for whoever has to mend it.
  public var path: String
  public var bytes: [UInt8]

  public init(folder: String, path: String, bytes: [UInt8]) {
    self.folder = folder
    self.path = path
    self.bytes = bytes
  }
}

/// Why a model file is not taken: which, where in it, and what is wrong.
public struct ModelFault: Error, Hashable, Sendable, CustomStringConvertible {
  public var path: String
  public var reason: String

  public var description: String { "\(path): \(reason)" }
}

/// Reads the model files of a terminal, of all kinds: what the driver does not know, a value
/// that cannot be and a name that two files bear are refused. Folders that begin with `_` are
/// for people and no models.
public struct ModelReading: Sendable {
  private var owners: [String: String] = [:]

  public init() {}

  /// The models of one kind by their names.
  public mutating func models<Model: DeviceModel>(
    _ type: Model.Type, in files: [ModelFile]
  ) throws(ModelFault) -> [String: Model] {
    var models: [String: Model] = [:]
    for file in files where !file.folder.hasPrefix("_") {
      let model = try Self.decode(type, file)
      if let other = owners.updateValue(file.path, forKey: model.id) {
        throw ModelFault(path: file.path, reason: "at id: \(other) is called \(model.id) too")
      }
      guard model.id == file.folder else {
        throw ModelFault(
          path: file.path, reason: "at id: \(model.id) is not the name of its folder, \(file.folder)")
      }
      models[model.id] = model
    }
    return models
  }

  private static func decode<Model: DeviceModel>(
    _ type: Model.Type, _ file: ModelFile
  ) throws(ModelFault) -> Model {
    do throws(JSONFault) {
      return try StrictJSON.decode(type, from: file.bytes)
    } catch {
      throw ModelFault(path: file.path, reason: error.description)
    }
  }
}
