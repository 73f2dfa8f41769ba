import Model

/// Sorts the rows of a text into records and malformed rows, and finds where the records end.
struct RecordCollector {
  let dialect: Dialect
  /// Number of fields of a record.
  let width: Int
  /// Line of the row that ended the records.
  private(set) var footerLine: Int?
  /// Rows behind the footer that look like records.
  private(set) var rowsAfterFooter = 0

  init(dialect: Dialect, width: Int) {
    self.dialect = dialect
    self.width = width
  }

  /// Takes all whole rows of a text whose bytes are to become those of `batch`.
  ///
  /// - Parameter isSuspect: Each row is checked for being text without NUL.
  /// - Returns: The unescaped copies of fields, to be put behind the text; see ``RecordBatch/Escape``.
  mutating func collect(
    _ scanner: inout RowScanner, _ special: SpecialBytes, _ text: UnsafeBufferPointer<UInt8>, isSuspect: Bool,
    into batch: inout RecordBatch
  ) -> [UInt8] {
    // Each field of a kept row ends at a special byte of its own, but for the file's last.
    let most = special.count + 1
    var copies: [UInt8] = []
    // Taken out of the batch, so that each can be written while the others are.
    var (fields, lines, raws) = (batch.fields, batch.lines, batch.raws)
    (batch.fields, batch.lines, batch.raws) = ([], [], [])
    fields.append(addingCapacity: most + 1) { span in
      span.withUnsafeMutableBufferPointer { buffer, used in
        guard let start = buffer.baseAddress else { return }
        collect(
          &scanner, start, &used, &lines, &raws, text, isSuspect: isSuspect, into: &batch, copies: &copies)
      }
    }
    (batch.fields, batch.lines, batch.raws) = (fields, lines, raws)
    // Copies will stand behind the text taken, whose end is known only now.
    for escape in batch.escapes { batch.fields[escape.field].offset += UInt32(scanner.position) }
    return copies
  }

  @inline(__always) private mutating func collect(
    _ scanner: inout RowScanner, _ fields: UnsafeMutablePointer<RecordBatch.Field>, _ used: inout Int,
    _ lines: inout [Int32], _ raws: inout [RecordBatch.Field], _ text: UnsafeBufferPointer<UInt8>,
    isSuspect: Bool, into batch: inout RecordBatch, copies: inout [UInt8]
  ) {
    let hasFooters = !dialect.footers.isEmpty
    // A row of one field may be an empty line; of several fields, none is.
    let mayBePlain =
      width > 1 && !isSuspect && !hasFooters && dialect.comment.isEmpty && dialect.skippedRows != .blank
    while true {
      if mayBePlain, scanner.nextPlain(width, fields + used) {
        lines.append(Int32(truncatingIfNeeded: scanner.rowLine))
        raws.append(scanner.rowField)
        used += width
        continue
      }
      switch scanner.next(fields + used) {
      case .fields(let count):
        if dialect.skips(fields + used, count, in: text) { continue }
        if hasFooters, isBehindFooter(fields[used], isRecord: count == width, scanner.rowLine, text) {
          continue
        }
        if isSuspect, let fault = Self.textFault(text, scanner) {
          batch.malformed.append(Self.malformed(fault, scanner, text))
          continue
        }
        guard count == width else {
          batch.malformed.append(Self.malformed(wrongWidth(fields + used, count, scanner), scanner, text))
          continue
        }
        for index in scanner.escaped {
          unescape(&fields[used + index], used + index, text, &copies, &batch.escapes)
        }
        lines.append(Int32(truncatingIfNeeded: scanner.rowLine))
        raws.append(scanner.rowField)
        used += count
      case .comment: continue
      case .fault(let fault):
        if footerLine == nil { batch.malformed.append(Self.malformed(fault, scanner, text)) }
      case .incomplete, .end: return
      }
    }
  }

  /// Describes a fault of the scanner's last row.
  static func malformed(
    _ fault: RowFault, _ scanner: RowScanner, _ text: UnsafeBufferPointer<UInt8>
  ) -> RecordBatch.Malformed {
    let position = LinePosition(of: fault.at, in: text, from: scanner.rowStart)
    return RecordBatch.Malformed(
      line: scanner.rowLine + position.breaks, column: position.column, name: fault.name.rawValue,
      reason: fault.reason,
      raw: excerpt(text, scanner.rowStart, scanner.rowEnd))
  }

  /// At most 4 KiB of raw text, no character cut.
  static func excerpt(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> String {
    var stop = min(end, start + 4096)
    if stop < end {
      while stop > start, text[stop] & 0xC0 == 0x80 { stop -= 1 }
    }
    return String(decoding: text[start..<stop], as: UTF8.self)
  }

  private mutating func isBehindFooter(
    _ first: RecordBatch.Field, isRecord: Bool, _ line: Int, _ text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let start = Int(first.offset)
    let field = text[start..<start + Int(first.length)]
    let isFooter = dialect.footers.contains { field.starts(with: $0) }
    if footerLine == nil {
      guard isFooter else { return false }
      footerLine = line
    } else if isRecord, !isFooter, width > 1 {
      rowsAfterFooter += 1
    }
    return true
  }

  private func wrongWidth(
    _ fields: UnsafeMutablePointer<RecordBatch.Field>, _ count: Int, _ scanner: RowScanner
  ) -> RowFault {
    var fault = RowFault(
      kind: count < width ? .short : .long, at: scanner.rowEnd, fields: count, width: width)
    if count > width { fault.at = Int(fields[width].offset) - (fields[width].quoted ? 1 : 0) }
    fault.lines = scanner.line - scanner.rowLine
    return fault
  }

  /// The first byte of the scanner's last row that is no text.
  static func textFault(_ text: UnsafeBufferPointer<UInt8>, _ scanner: RowScanner) -> RowFault? {
    var validity = TextValidity()
    let row = UnsafeRawBufferPointer(
      rebasing: UnsafeRawBufferPointer(text)[scanner.rowStart..<scanner.rowEnd])
    validity.add(row)
    if !validity.isUTF8 || !validity.isComplete {
      return RowFault(kind: .notText, at: scanner.rowStart + validity.characterStart)
    }
    guard validity.hasNul, let nul = row.firstIndex(of: 0) else { return nil }
    return RowFault(kind: .nul, at: scanner.rowStart + nul)
  }

  private func unescape(
    _ field: inout RecordBatch.Field, _ index: Int, _ text: UnsafeBufferPointer<UInt8>,
    _ copies: inout [UInt8],
    _ escapes: inout [RecordBatch.Escape]
  ) {
    escapes.append(RecordBatch.Escape(field: index, offset: field.offset))
    let start = copies.count
    dialect.unescape(text, field, into: &copies)
    field.offset = UInt32(start)
    field.length = UInt32(copies.count - start)
  }

  /// Sets aside the row before which the scanner stopped because it is too long.
  ///
  /// - Returns: Whether its line does not end in this text: what follows is to be dropped to the next line end.
  func giveUpRow(
    _ scanner: inout RowScanner, _ special: SpecialBytes, _ text: UnsafeBufferPointer<UInt8>,
    into batch: inout RecordBatch
  ) -> Bool {
    let fields = UnsafeMutablePointer<RecordBatch.Field>.allocate(capacity: special.count + 1)
    defer { fields.deallocate() }
    scanner.pretendEnd()
    let row = scanner.next(fields)
    let isReported = footerLine == nil
    if case .fault(let fault) = row, scanner.position < text.count {
      if isReported { batch.malformed.append(Self.malformed(fault, scanner, text)) }
      return false
    }
    if case .comment = row { return true }
    if isReported {
      batch.malformed.append(Self.malformed(RowFault(kind: .tooLong, at: scanner.rowStart), scanner, text))
    }
    return true
  }
}
