import Model

/// The beginning of a file's text: lines to skip, then the row that says how wide records are.
struct FileStart {
  struct FirstRow {
    var header: [String]
    var newline = "lf"
    var findings: [Finding] = []
  }

  private let source: TextSource
  private let special: SpecialBytes
  private let dialect: Dialect
  private let limits: ReaderLimits
  /// Text read and not used up.
  private(set) var text: [UInt8] = []
  /// Line on which `text` begins.
  private(set) var line = 1

  init(_ source: TextSource, _ special: SpecialBytes, _ dialect: Dialect, _ limits: ReaderLimits) {
    self.source = source
    self.special = special
    self.dialect = dialect
    self.limits = limits
  }

  mutating func skipLines(_ count: Int) throws(ReadFault) {
    var left = count
    while left > 0 {
      if let end = LineSkipping.endOfLine(in: text, isLast: source.isAtEnd) {
        text.removeFirst(end)
        line += 1
        left -= 1
      } else {
        // Only a carriage return whose line feed may come must be kept.
        text = text.last == 0x0D ? [0x0D] : []
        guard !source.isAtEnd else {
          text = []
          return
        }
        try source.extend(&text, by: limits.blockSize)
      }
    }
  }

  /// Reads the header and uses it up; of a file without one, looks at the first row.
  mutating func readFirstRow(
    _ format: FileFormat, file: String, isSuspect: Bool
  ) throws(ReadFault) -> FirstRow {
    while true {
      let row = look(format, file: file, isSuspect: isSuspect)
      switch row {
      case .header(let first, let length, let nextLine):
        text.removeFirst(length)
        line = nextLine
        return first
      case .fault(let fault):
        throw fault
      case .incomplete:
        guard text.count <= limits.rowSize else {
          throw ReadFault(
            name: .notTextFile, problem: "the first row is longer than \(limits.rowSize) bytes",
            remedy: "check that this is a text file with one record a line")
        }
        try source.extend(&text, by: limits.growth(of: text.count))
      case .none:
        if !format.header { return FirstRow(header: format.columns ?? []) }
        return FirstRow(
          header: [],
          findings: [
            Finding(
              .warning, .emptyFile, at: Place(file: file), "the file holds no header and no record",
              remedy: "check the export; a file without header needs `header: false` in `format`")
          ])
      }
    }
  }

  private enum Look {
    case header(FirstRow, length: Int, nextLine: Int)
    case fault(ReadFault)
    case incomplete
    case none
  }

  private func look(_ format: FileFormat, file: String, isSuspect: Bool) -> Look {
    text.withUnsafeBufferPointer { text in
      special.find(in: UnsafeRawBufferPointer(text), dialect)
      let fields = UnsafeMutablePointer<RecordBatch.Field>.allocate(capacity: special.count + 1)
      defer { fields.deallocate() }
      var scanner = RowScanner(text, special, dialect, line: line, isLast: source.isAtEnd)
      while true {
        switch scanner.next(fields) {
        case .comment: continue
        case .incomplete: return .incomplete
        case .end: return source.isAtEnd ? .none : .incomplete
        case .fault(let fault):
          // Without a header this is a malformed row like any other.
          guard format.header else { continue }
          return .fault(
            ReadFault(
              name: .headerNotReadable, problem: "line \(scanner.rowLine), the header: \(fault.reason)",
              remedy: "correct the line, or say with `skip_lines` how many lines stand before the header"))
        case .fields(let count):
          if dialect.skips(fields, count, in: text) { continue }
          let newline = Self.newline(text, scanner.rowEnd)
          guard format.header else {
            let names = format.columns ?? HeaderNames.numbered(count)
            return .header(FirstRow(header: names, newline: newline), length: 0, nextLine: line)
          }
          if isSuspect, RecordCollector.textFault(text, scanner) != nil {
            return .fault(
              ReadFault(
                name: .headerNotReadable,
                problem: "line \(scanner.rowLine), the header, is not text in this encoding",
                remedy: "declare the file's `encoding` in `format`: `latin-1`, `utf-16` or `utf-8`"))
          }
          let found = (0..<count).map { index in
            let start = Int(fields[index].offset)
            let column = LinePosition(of: start, in: text, from: scanner.rowStart).column
            return (text: dialect.unescaped(text, fields[index]), column: column)
          }
          let names = HeaderNames(
            found, line: scanner.rowLine, file: file,
            excerpt: RecordCollector.excerpt(text, scanner.rowStart, scanner.rowEnd))
          return .header(
            FirstRow(header: names.names, newline: newline, findings: names.findings),
            length: scanner.position,
            nextLine: scanner.line)
        }
      }
    }
  }

  private static func newline(_ text: UnsafeBufferPointer<UInt8>, _ end: Int) -> String {
    guard end < text.count, text[end] == 0x0D else { return "lf" }
    return end + 1 < text.count && text[end + 1] == 0x0A ? "crlf" : "cr"
  }
}
