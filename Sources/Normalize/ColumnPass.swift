import Model

/// One chunk of records on its way into one entity's rows.
struct ColumnPass {
  let bytes: UnsafePointer<UInt8>
  let fields: UnsafePointer<RecordBatch.Field>
  /// Fields in a record.
  let recordWidth: Int
  /// The chunk's records, by position in the batch.
  let records: Range<Int>
  /// The first of the chunk's rows.
  let rows: UnsafeMutablePointer<Int64>
  /// Cells in a row.
  let rowWidth: Int
  /// Position of the entity among those the source feeds.
  let entity: Int

  /// A field's text without the ASCII white space around it.
  @inline(__always) func text(_ record: Int, _ column: Int) -> FieldBytes {
    let field = fields[record &* recordWidth &+ column]
    let start = bytes + Int(field.offset)
    let count = Int(field.length)
    if count > 0, start[0] <= 0x20 || start[count &- 1] <= 0x20 { return trimmedText(start, count) }
    return FieldBytes(start: start, count: count)
  }

  /// The row of a record.
  @inline(__always) func row(_ record: Int) -> UnsafeMutablePointer<Int64> {
    rows + (record &- records.lowerBound) &* rowWidth
  }
}

private func trimmedText(_ text: UnsafePointer<UInt8>, _ count: Int) -> FieldBytes {
  var (start, end) = (0, count)
  while start < end, isSpace(text[start]) { start += 1 }
  while end > start, isSpace(text[end - 1]) { end -= 1 }
  return FieldBytes(start: text + start, count: end - start)
}

@inline(__always) func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }

/// A field that could not be read.
struct CellFault {
  /// Position in the batch.
  var record: Int
  var entity: Int
  /// Position among the entity's columns; behind them the column data-through is read from, then the free
  /// attributes.
  var column: Int
  var fault: FieldFault
}

extension FieldReader {
  @inline(__always)
  func run<Parser: CellParser>(
    _ parser: Parser, _ pass: ColumnPass, _ texts: inout TextArena, _ faults: inout [CellFault]
  ) {
    var parser = parser
    switch origin {
    case .column(let index) where parser.remembers || map != nil && parser.isOfTextAlone:
      runRemembering(&parser, index, pass, &texts, &faults)
    case .column(let index) where missing.isEmpty && map == nil:
      for record in pass.records {
        let row = pass.row(record)
        let text = pass.text(record, index)
        let cell =
          text.isEmpty ? take(preset, &parser, row, &texts) : parser.parse(text, row: row, texts: &texts)
        store(cell, row, record, pass, &faults)
      }
    case .column(let index):
      for record in pass.records {
        let row = pass.row(record)
        let cell = translate(pass.text(record, index), &parser, row, &texts)
        store(cell, row, record, pass, &faults)
      }
    case .template(let pieces):
      var scratch: [UInt8] = []
      for record in pass.records {
        let row = pass.row(record)
        compose(pieces, record, pass, into: &scratch)
        let cell = scratch.withUnsafeBufferPointer { translate($0, &parser, row, &texts) }
        store(cell, row, record, pass, &faults)
      }
    case .constant:
      for record in pass.records {
        let row = pass.row(record)
        store(take(preset, &parser, row, &texts), row, record, pass, &faults)
      }
    }
  }

  /// A column whose texts repeat: what was read once is not read again.
  @inline(__always)
  private func runRemembering<Parser: CellParser>(
    _ parser: inout Parser, _ index: Int, _ pass: ColumnPass, _ texts: inout TextArena,
    _ faults: inout [CellFault]
  ) {
    let isPlain = missing.isEmpty && map == nil
    withUnsafeTemporaryAllocation(of: RecentCells.Entry.self, capacity: RecentCells.size) { entries in
      guard let base = entries.baseAddress else { return }
      var recent = RecentCells(base)
      for record in pass.records {
        let row = pass.row(record)
        let text = pass.text(record, index)
        guard recent.isWorthwhile, let place = recent.place(of: text) else {
          let cell =
            isPlain && !text.isEmpty
            ? parser.parse(text, row: row, texts: &texts) : translate(text, &parser, row, &texts)
          store(cell, row, record, pass, &faults)
          continue
        }
        if let cell = recent.cell(place) {
          row[target] = cell
          continue
        }
        let cell = translate(text, &parser, row, &texts)
        if cell.fault == .none { recent.keep(cell.value, at: place) }
        store(cell, row, record, pass, &faults)
      }
    }
  }

  /// Missing, mapped or parsed.
  private func translate<Parser: CellParser>(
    _ text: FieldBytes, _ parser: inout Parser, _ row: UnsafeMutablePointer<Int64>, _ texts: inout TextArena
  ) -> ParsedCell {
    if text.isEmpty || isMissing(text) { return take(preset, &parser, row, &texts) }
    guard let map else { return parser.parse(text, row: row, texts: &texts) }
    guard let value = map.value(of: text) ?? otherwise else { return ParsedCell(.unmapped) }
    if case .missing = value { return take(preset, &parser, row, &texts) }
    return take(value, &parser, row, &texts)
  }

  @inline(__always)
  private func take<Parser: CellParser>(
    _ preset: Preset, _ parser: inout Parser, _ row: UnsafeMutablePointer<Int64>, _ texts: inout TextArena
  ) -> ParsedCell {
    switch preset {
    case .missing: required ? ParsedCell(.missing) : ParsedCell(EntityColumn.null)
    case .cell(let cell): ParsedCell(cell)
    case .text(let text): text.withUnsafeBufferPointer { parser.parse($0, row: row, texts: &texts) }
    }
  }

  @inline(__always)
  private func store(
    _ cell: ParsedCell, _ row: UnsafeMutablePointer<Int64>, _ record: Int, _ pass: ColumnPass,
    _ faults: inout [CellFault]
  ) {
    row[target] = cell.value
    if cell.fault != .none {
      faults.append(CellFault(record: record, entity: pass.entity, column: reportedAs, fault: cell.fault))
    }
  }

  func isMissing(_ text: FieldBytes) -> Bool { missing.contains { $0.elementsEqual(text) } }

  /// The template's text; empty, which is missing, when one of its columns is.
  private func compose(
    _ pieces: [TemplatePiece], _ record: Int, _ pass: ColumnPass, into scratch: inout [UInt8]
  ) {
    scratch.removeAll(keepingCapacity: true)
    for piece in pieces {
      switch piece {
      case .literal(let bytes): scratch.append(contentsOf: bytes)
      case .column(let index):
        let text = pass.text(record, index)
        if text.isEmpty || isMissing(text) {
          scratch.removeAll(keepingCapacity: true)
          return
        }
        scratch.append(contentsOf: text)
      }
    }
  }
}
