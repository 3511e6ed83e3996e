// SPDX-License-Identifier: Apache-2.0

import Records

extension Problem {
  /// Not plugged in, or its path leads nowhere.
  public static let readerGone = Problem(code: "reader.gone", severity: .wrong)
  /// The system does not let this user open it.
  public static let readerDenied = Problem(code: "reader.denied", severity: .wrong)
  /// Another program holds it.
  public static let readerBusy = Problem(code: "reader.busy", severity: .wrong)
  /// Plugged in, but does not answer.
  public static let readerSilent = Problem(code: "reader.silent", severity: .wrong)
  /// Its answers arrive damaged.
  public static let readerGarbled = Problem(code: "reader.garbled", severity: .wrong)
  /// Its security module failed its self-test.
  public static let readerModuleDown = Problem(code: "reader.moduleDown", severity: .wrong)
  /// Its security module is not authorised to read cards.
  public static let readerNotAuthorised = Problem(code: "reader.notAuthorised", severity: .wrong)
  /// It does not know the commands of the model that is set.
  public static let readerWrongModel = Problem(code: "reader.wrongModel", severity: .wrong)
  /// What the start-up file names is no serial line.
  public static let readerUnusable = Problem(code: "reader.unusable", severity: .wrong)

  /// All problems of card readers.
  public static let ofReaders = [
    readerGone, readerDenied, readerBusy, readerSilent, readerGarbled, readerModuleDown,
    readerNotAuthorised, readerWrongModel, readerUnusable,
  ]
}
