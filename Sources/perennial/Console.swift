import Glibc
import Model

/// Where people read: human text goes to stderr, data to stdout.
enum Console {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  static func write(_ text: String) {
    var line = text
    if !line.hasSuffix("\n") { line += "\n" }
    line.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
        if written <= 0 { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
    }
  }

  /// A sentence on customer data, unreadable where nobody watches.
  static func masked(_ sentence: String) -> String {
    isTerminal ? sentence : Finding.maskingQuotes(in: sentence)
  }

  /// Tells findings, the gravest last so that it stands next to the prompt; customer data is masked when nobody watches.
  static func print(_ findings: [Finding], limit: Int = 50) {
    let ordered = Finding.Severity.allCases.flatMap { severity in findings.filter { $0.severity == severity }
    }
    let told = ordered.suffix(limit)
    if told.count < ordered.count {
      write("\(ordered.count - told.count) more findings; `perennial status --findings` lists all")
    }
    for finding in told { write(finding.text(masked: !isTerminal)) }
  }
}

/// The clock and its texts: only the program itself asks what time it is.
enum Clock {
  static var now: Moment { Moment(instant: Int64(time(nil))) }

  /// Since 1970.
  static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  static func wait(milliseconds: Int64) {
    var left = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
    var rest = timespec()
    while nanosleep(&left, &rest) != 0, errno == EINTR { left = rest }
  }

  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
