// SPDX-License-Identifier: Apache-2.0

// A CUPS filter: job-id user title copies options [file]. Prints the slip named by the
// title at most once, and leaves the outcome for kioskd. It writes nothing about a slip
// anywhere else. Ends with 0 whatever the printer does: the queue never stops.

import Glibc

func say(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(2, bytes, bytes.count)
}

func wholeFile(_ path: String?) -> [UInt8] {
  let file = path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? 0
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while bytes.count <= SlipFile.largestFile {
    let count = read(file, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { break }
    bytes += buffer.prefix(count)
  }
  return bytes
}

func outcome(of job: JobName, _ arguments: [String], on line: CupsLine) -> Outcome {
  let bytes = wholeFile(arguments.count > 6 ? arguments[6] : nil)
  guard let file = SlipFile(bytes), file.job == job else { return .notPrinted(.spooler) }
  var run = PrintRun(
    line: line, limits: Limits(options: arguments[5]), beginsUncut: folder.isUncut,
    markUncut: { folder.markUncut($0) })
  return run.run(file.bands)
}

let line = CupsLine()
let arguments = CommandLine.arguments
guard arguments.count > 5, let path = getenv("NIGHTDESK_PAPER") else {
  say("ERROR: started without a job or without NIGHTDESK_PAPER\n")
  exit(1)
}
let folder = PaperFolder(path: String(cString: path))
guard let job = JobName(Array(arguments[3].utf8)), folder.takeToken(job) else {
  say("INFO: no permission to print, nothing done\n")
  exit(0)
}
let result = outcome(of: job, arguments, on: line)
say(result.stateLines)
if !folder.keep(result, of: job) { say("ERROR: the outcome could not be kept\n") }
