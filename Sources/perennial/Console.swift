@preconcurrency import Glibc
import Model

/// Where people read: human text goes to stderr, data to stdout.
enum Console {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  static func write(_ text: String) {
    var line = text
    if !line.hasSuffix("\n") { line += "\n" }
    // Nobody is left to be told of what cannot be told.
    line.withUTF8 { _ = send(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }

  /// Whether whoever read stdout through a pipe has closed it.
  static var readerHasLeft: Bool {
    var end = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&end, 1, 0) == 1 && end.revents & Int16(POLLERR) != 0
  }

  /// False with `errno` set when not all of it could be written.
  private static func send(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let written = Glibc.write(file, rest.baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      if written <= 0 { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
    return true
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

extension Console {
  /// Why what was to be printed was not, by `errno`.
  static var outputFailure: Stop {
    Stop(.unreachable, "system-refused", "cannot write the output: \(String(cString: strerror(errno)))")
  }

  /// Hands over what was printed and still waits in a buffer; stops where nobody can take it.
  static func flush() throws(Stop) {
    if fflush(nil) != 0 || ferror(stdout) != 0, !readerHasLeft { throw outputFailure }
  }

  /// Documents on stdout, as they are, tables with an empty line between them and one byte order mark for all; a workbook is not thrown
  /// at a terminal. Stops where they cannot be written whole.
  static func show(_ documents: [Document]) throws {
    for (number, document) in documents.enumerated() {
      guard document.format.isText || isatty(STDOUT_FILENO) == 0 else {
        throw Stop(
          .wrongUse, "not-for-a-terminal", "\(document.format.rawValue) is no text",
          remedy: "write it into a file, `> \(document.name)`, or into a folder with --to")
      }
      var bytes = document.bytes
      if number > 0, document.format == .csv {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        bytes = [0x0D, 0x0A] + bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0)
      }
      if !bytes.withUnsafeBytes({ send($0, to: STDOUT_FILENO) }) {
        if readerHasLeft { return }
        throw outputFailure
      }
    }
  }
}
