import Model

/// Reads the records of one delimited text file, a block at a time, in memory that does not grow with the file.
///
/// Opening reads the file once: it takes its digest, proves compressed data sound, decides on encoding and delimiter and
/// reads the header, all recorded in ``file``. Rows that cannot become records travel in ``RecordBatch/malformed``.
public final class DelimitedReader: RecordReader {
  /// The decisions and the header; ``SourceFile/rows`` counts up while batches are read.
  public private(set) var file: SourceFile
  /// What was noticed about the file as a whole, so far. One of severity error: the rows are not to be trusted.
  public private(set) var findings: [Finding] = []

  private let disk: FileBytes
  private let source: TextSource
  private let limits: ReaderLimits
  private let special = SpecialBytes()
  private let isSuspect: Bool
  private var collector: RecordCollector
  /// Text read and not yet taken.
  private var text: [UInt8] = []
  /// Line on which `text` begins.
  private var line: Int
  private var isStalled = false
  private var isDiscarding = false
  private var isDone = false

  /// Opens a file and reads its header.
  ///
  /// - Parameters:
  ///   - path: Where it lies.
  ///   - shownAs: Its path as findings and ``SourceFile/path`` show it.
  public static func open(
    path: String, shownAs: String, format: FileFormat, limits: ReaderLimits = ReaderLimits()
  ) -> Result<DelimitedReader, UnreadableFile> {
    do throws(ReadFault) {
      return .success(try DelimitedReader(path: path, shownAs: shownAs, format, limits))
    } catch {
      return .failure(UnreadableFile(finding: error.finding(file: shownAs)))
    }
  }

  init(path: String, shownAs: String, _ format: FileFormat, _ limits: ReaderLimits) throws(ReadFault) {
    if let fault = Dialect.fault(of: format) { throw fault }
    let opened = try OpenedFile(path: path, shownAs: shownAs, format, limits)
    self.limits = limits
    disk = opened.disk
    source = opened.source
    isSuspect = opened.isSuspect
    file = opened.file
    findings = opened.findings
    var start = FileStart(source, special, opened.dialect, limits)
    try start.skipLines(format.skipLines)
    let first = try start.readFirstRow(format, file: shownAs, isSuspect: isSuspect)
    findings += first.findings
    file.header = first.header
    file.newline = first.newline
    line = start.line
    text = start.text
    collector = RecordCollector(dialect: opened.dialect, width: first.header.count)
  }

  /// The next records and malformed rows; nil at the end, or when the file cannot be read on: look at ``findings``.
  public func next() -> RecordBatch? {
    var batch = RecordBatch(width: collector.width)
    return next(into: &batch) ? batch : nil
  }

  /// Like ``next()``, in the memory of a batch that is used up; false at the end.
  public func next(into batch: inout RecordBatch) -> Bool {
    do throws(ReadFault) {
      while !isDone {
        if try readBlock(into: &batch) { return true }
      }
    } catch {
      findings.append(error.finding(file: file.path))
      isDone = true
    }
    return false
  }

  /// The header, which is read, names them all.
  public func lookForColumns() {}

  private func readBlock(into batch: inout RecordBatch) throws(ReadFault) -> Bool {
    try source.extend(&text, by: isStalled ? limits.growth(of: text.count) : limits.blockSize)
    if isDiscarding, !discardLine() { return false }
    batch.clear(width: collector.width)
    let (taken, copies) = take(into: &batch)
    isStalled = taken == 0
    if isStalled {
      if source.isAtEnd { finish() }
      return !batch.malformed.isEmpty
    }
    // The batch and the reader exchange their memory: the one keeps what is used up, the other the rest.
    swap(&batch.bytes, &text)
    text.append(contentsOf: batch.bytes[taken...])
    batch.bytes.removeLast(text.count)
    batch.bytes.append(contentsOf: copies)
    file.rows += batch.count
    if source.isAtEnd { finish() }
    return batch.count > 0 || !batch.malformed.isEmpty
  }

  /// Scans the text; returns how much of it whole rows have used up.
  private func take(into batch: inout RecordBatch) -> (taken: Int, copies: [UInt8]) {
    text.withUnsafeBufferPointer { text in
      special.find(in: UnsafeRawBufferPointer(text), collector.dialect)
      var scanner = RowScanner(text, special, collector.dialect, line: line, isLast: source.isAtEnd)
      var needsCheck = false
      if isSuspect {
        var validity = TextValidity()
        validity.add(UnsafeRawBufferPointer(text))
        needsCheck = !validity.isUTF8 || !validity.isComplete || validity.hasNul
      }
      let copies = collector.collect(&scanner, special, text, isSuspect: needsCheck, into: &batch)
      // Room for the fields of a row that did not end is worth megabytes when the row is long.
      if batch.count == 0 { batch.fields = [] }
      // Behind a carriage return at the end, the row may be whole.
      if !source.isAtEnd, text.count - scanner.position > limits.rowSize, text.last != 0x0D {
        isDiscarding = collector.giveUpRow(&scanner, special, text, into: &batch)
      }
      line = scanner.line
      return (scanner.position, copies)
    }
  }

  /// Drops text to the next line end; false when it is not there yet.
  private func discardLine() -> Bool {
    let taken = LineSkipping.endOfLine(in: text, isLast: source.isAtEnd)
    if let taken {
      text.removeFirst(taken)
      line += 1
      isDiscarding = false
      return true
    }
    text = text.last == 0x0D ? [0x0D] : []
    if source.isAtEnd { finish() }
    return false
  }

  static func fileChanged(_ path: String) -> Finding {
    ReadFault(
      name: .fileChanged, problem: "the file was written to while it was read",
      remedy: "let the export finish first, then run again"
    ).finding(file: path)
  }

  private func finish() {
    isDone = true
    text = []
    if collector.rowsAfterFooter > 0, let line = collector.footerLine {
      findings.append(
        Finding(
          .warning, .rowsAfterFooter, at: Place(file: file.path, line: line),
          "\(collector.rowsAfterFooter) rows that look like records stand behind the footer that begins here",
          consequence: "they are not read",
          remedy: "if this line is a record, write a longer text in `footer`"))
    }
    if disk.hasChanged { findings.append(Self.fileChanged(file.path)) }
  }
}
