// SPDX-License-Identifier: Apache-2.0

import Testing

/// Begins as SwiftPM begins a test bundle.
@main
struct Tests {
  static func main() async {
    await Testing.__swiftPMEntryPoint() as Never
  }
}
