import Glibc
import Model

/// The world's fault while writing an export: the path, what was tried, and the system's reason.
public struct ExportFailure: Error, CustomStringConvertible {
  public let path: String
  /// What could not be done, and the system's reason; the path is not repeated.
  public let description: String

  init(_ path: String, _ attempt: String, _ code: Int32) {
    self.path = path
    description = "\(attempt): \(String(cString: strerror(code)))"
  }
}

/// One comma-separated file being written through a buffer: fields, then `endRow`.
final class ExportWriter {
  let path: String
  private(set) var rows = 0
  private(set) var bytes = 0
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var atRowStart = true
  private var failure: Int32 = 0
  private let style: Style
  private static let capacity = 1 << 16

  enum Style {
    /// Quotes where needed, LF.
    case plain
    /// Every field quoted, CRLF.
    case salesforce
  }

  /// Creates or empties the file and writes its header.
  init(path: String, header: [String], style: Style = .plain) throws {
    self.path = path
    self.style = style
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw ExportFailure(path, "cannot be written", errno) }
    buffer.reserveCapacity(Self.capacity + 4096)
    for name in header { text(name) }
    endRow()
    rows = 0
  }

  deinit { close(descriptor) }

  func text(_ text: String) {
    separate()
    var copy = text
    let needsQuotes =
      style == .salesforce
      || copy.withUTF8 { $0.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D } }
    guard needsQuotes else {
      copy.withUTF8 { buffer.append(contentsOf: $0) }
      return
    }
    buffer.append(0x22)
    copy.withUTF8 {
      for byte in $0 {
        if byte == 0x22 { buffer.append(0x22) }
        buffer.append(byte)
      }
    }
    buffer.append(0x22)
  }

  func empty() { field {} }
  func number(_ number: Int64) { field { append(number) } }
  func date(_ day: Day) { field { append(day) } }

  /// An amount in minor units as a decimal of the major unit: 1250 with exponent 2 is `12.50`.
  func amount(_ minor: Int64, exponent: Int) { field { append(decimal: minor, digits: exponent) } }

  /// A field put together by `append` calls; it must not need escaping.
  func field(_ parts: () -> Void) {
    separate()
    if style == .salesforce { buffer.append(0x22) }
    parts()
    if style == .salesforce { buffer.append(0x22) }
  }

  func endRow() {
    endLine()
    rows += 1
    atRowStart = true
    if buffer.count >= Self.capacity { flush() }
  }

  /// A line as it stands, not counted as a row.
  func line(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    endLine()
  }

  private func endLine() {
    if style == .salesforce { buffer.append(0x0D) }
    buffer.append(0x0A)
  }

  func append(_ text: StaticString) {
    text.withUTF8Buffer { buffer.append(contentsOf: $0) }
  }

  func append(_ text: String) { buffer.append(contentsOf: text.utf8) }
  func append(byte: UInt8) { buffer.append(byte) }

  func append(_ number: Int64, width: Int = 1) {
    if number < 0 { buffer.append(0x2D) }
    var rest = number.magnitude
    var digits: UInt64 = 1
    var count = 1
    while rest / digits >= 10 {
      digits *= 10
      count += 1
    }
    for _ in 0..<max(0, width - count) { buffer.append(0x30) }
    while digits > 0 {
      buffer.append(0x30 + UInt8(rest / digits))
      rest %= digits
      digits /= 10
    }
  }

  func append(_ day: Day) {
    let date = day.civil
    append(Int64(date.year), width: 4)
    buffer.append(0x2D)
    append(Int64(date.month), width: 2)
    buffer.append(0x2D)
    append(Int64(date.day), width: 2)
  }

  func append(decimal number: Int64, digits: Int) {
    var scale: Int64 = 1
    for _ in 0..<digits { scale *= 10 }
    append(number / scale)
    if digits > 0 {
      buffer.append(0x2E)
      append(number % scale, width: digits)
    }
  }

  /// Writes what is left. Throws what went wrong since the file was opened, such as a full disk.
  func finish() throws -> WrittenFile {
    flush()
    if failure != 0 { throw ExportFailure(path, "cannot be written", failure) }
    return WrittenFile(path: path, rows: rows, bytes: bytes)
  }

  private func separate() {
    if atRowStart { atRowStart = false } else { buffer.append(0x2C) }
  }

  private func flush() {
    var written = 0
    buffer.withUnsafeBytes { raw in
      while written < raw.count, failure == 0 {
        let count = write(descriptor, raw.baseAddress.map { $0 + written }, raw.count - written)
        if count >= 0 { written += count } else if errno != EINTR { failure = errno }
      }
    }
    bytes += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }
}
