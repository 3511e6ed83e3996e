// SPDX-License-Identifier: Apache-2.0

// Sets the kernel's clock to the centre's signed time, and does nothing else. Runs in a unit
// of its own with CAP_SYS_TIME alone; believes a signature, not whoever wrote the proposal.

import Glibc
import Records
import Wire

let usage = """
  usage: nightdesk-clock --identity FILE --proposal FILE
  Sets the clock to the signed time that kioskd proposes.
  Example: nightdesk-clock --identity identity.json --proposal /run/nightdesk/clock/proposal.json

  """

/// Smaller errors are left to whatever disciplines the clock.
let tolerated: Int64 = 2000

func end(_ code: CInt, _ sentence: String) -> Never {
  let bytes = Array(sentence.utf8)
  _ = write(code == 0 ? 1 : 2, bytes, bytes.count)
  exit(code)
}

func refuse(_ sentence: String) -> Never { end(1, "nightdesk-clock: \(sentence)\n") }

func contents(_ path: String) -> [UInt8] {
  let largest = 1 << 20
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { refuse("\(path) cannot be read") }
  defer { close(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while bytes.count <= largest {
    let count = read(file, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { refuse("\(path) cannot be read") }
    if count == 0 { return bytes }
    bytes += buffer.prefix(count)
  }
  refuse("\(path) is too large")
}

func milliseconds(of clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

func paths() -> (identity: String, proposal: String) {
  var given: [String: String] = [:]
  var words = CommandLine.arguments.dropFirst()
  while let name = words.popFirst() {
    if name == "--help" { end(0, usage) }
    guard ["--identity", "--proposal"].contains(name), given[name] == nil, let value = words.popFirst()
    else { end(2, usage) }
    given[name] = value
  }
  guard let identity = given["--identity"], let proposal = given["--proposal"] else { end(2, usage) }
  return (identity, proposal)
}

func sentence(_ refusal: ClockProposal.Refusal) -> String {
  switch refusal {
  case .malformed(let why): "the proposal is not understood: \(why)"
  case .unsigned: "the centre of this terminal did not sign the proposed time"
  case .tooEarly: "the proposed time was signed before this terminal was enrolled"
  case .stale: "the proposal is older than a minute"
  }
}

func proposedTime() -> Timestamp {
  let paths = paths()
  do throws(WireFault) {
    let identity = try TerminalIdentity.decode(contents(paths.identity))
    do throws(ClockProposal.Refusal) {
      return try ClockProposal.decode(contents(paths.proposal))
        .time(by: identity, boot: milliseconds(of: CLOCK_BOOTTIME))
    } catch {
      refuse(sentence(error))
    }
  } catch {
    refuse("\(paths.identity) is no identity: \(error)")
  }
}

let proposed = proposedTime()
let shown = Timestamp(milliseconds: milliseconds(of: CLOCK_REALTIME))
guard abs(proposed.milliseconds - shown.milliseconds) > tolerated else {
  end(0, "the clock is right\n")
}
var time = timespec(
  tv_sec: Int(proposed.milliseconds / 1000), tv_nsec: Int(proposed.milliseconds % 1000) * 1_000_000)
guard clock_settime(CLOCK_REALTIME, &time) == 0 else {
  refuse("the clock cannot be set: \(String(cString: strerror(errno)))")
}
end(0, "the clock was set from \(LocalTime.dayAndClock(shown)) to \(LocalTime.dayAndClock(proposed))\n")
