// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Synchronization

/// Keeps what a judge was told.
final class Ear: Sendable {
  private let heard = Mutex<Circumstances?>(nil)

  var circumstances: Circumstances? { heard.withLock { $0 } }

  func hear(_ circumstances: Circumstances) { heard.withLock { $0 = circumstances } }
}

extension Arrival {
  var soundRouting: Routing? {
    if case .sound(let routing) = standing { routing } else { nil }
  }
}
