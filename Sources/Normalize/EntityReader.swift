import Model

/// One entity of a source, compiled against one file's header.
struct EntityReader: Sendable {
  enum Identity: Sendable {
    case mapped
    /// Of the columns at these positions: `2024-01-31-EUR-USD`, or of free texts `2024-01-31|mrr_new||`.
    case composite([Int])
    /// Likewise, with an ordinal where a source has several of one key (``DuplicateSettlement/number(in:by:)``).
    case numbered([Int], by: Int)

    /// The column that rows of one key are numbered by.
    var numberedBy: Int? {
      if case .numbered(_, let column) = self { column } else { nil }
    }
  }

  let kind: EntityKind
  let identity: Identity
  let rows: SourceConfiguration.Rows
  /// Amounts last, because they look at the row's currency.
  let readers: [FieldReader]
  let attributes: AttributeReader?
  let rules: [RowRule]
  let refused: [RefusedFields]
  let shared: SharedAmounts?
  /// What every row starts with: constants, and nulls.
  let initialRow: [Int64]
  /// Texts of the configuration; the first texts of every batch.
  let constants: [UInt8]

  func newBatch() -> EntityBatch {
    var batch = EntityBatch(kind: kind)
    batch.texts = constants
    return batch
  }

  /// Appends one row for each record of the chunk; the faulty ones are still to be taken out.
  func append(
    _ chunk: RecordChunk, entity: Int, to batch: inout EntityBatch, texts: inout TextArena,
    faults: inout [CellFault]
  ) {
    let width = batch.width
    batch.lines.append(contentsOf: chunk.lines)
    texts.begin(at: batch.texts.count, after: constants)
    batch.cells.append(addingCapacity: chunk.records.count * width) { span in
      span.withUnsafeMutableBufferPointer { cells, used in
        guard let base = cells.baseAddress else { return }
        begin(chunk.records.count, base)
        let pass = chunk.pass(rows: base, rowWidth: width, entity: entity)
        for reader in readers { reader.fill(pass, texts: &texts, faults: &faults) }
        attributes?.fill(pass, texts: &texts, faults: &faults)
        for rule in rules { rule.check(pass, faults: &faults) }
        for fields in refused { fields.check(pass, faults: &faults) }
        fillIdentity(pass, texts: &texts)
        used = chunk.records.count * width
      }
    }
    texts.move(to: &batch.texts)
  }

  /// Writes the initial row `count` times.
  private func begin(_ count: Int, _ rows: UnsafeMutablePointer<Int64>) {
    initialRow.withUnsafeBufferPointer { row in
      guard let first = row.baseAddress else { return }
      let width = row.count
      rows.initialize(from: first, count: width)
      var done = 1
      while done < count {
        let more = min(done, count - done)
        (rows + done * width).initialize(from: rows, count: more * width)
        done += more
      }
    }
  }

  /// Columns whose texts hold no separator.
  private static let currencies: Set<String> = ["from", "to", "currency", "discount_currency"]

  /// Rows with a missing part that they need have a fault already.
  private func fillIdentity(_ pass: ColumnPass, texts: inout TextArena) {
    let parts: [Int]
    switch identity {
    case .mapped: return
    case .composite(let columns), .numbered(let columns, _): parts = columns
    }
    let columns = kind.columns
    let hasFreeText = parts.contains {
      columns[$0].kind == .text && !Self.currencies.contains(columns[$0].name)
    }
    let separator: UInt8 = hasFreeText ? 0x7C : 0x2D
    var row = pass.rows
    for _ in pass.records {
      defer { row += pass.rowWidth }
      guard parts.allSatisfy({ row[$0] != EntityColumn.null || !columns[$0].required }) else { continue }
      var bytes: [UInt8] = []
      for (place, part) in parts.enumerated() {
        if place > 0 { bytes.append(separator) }
        guard row[part] != EntityColumn.null else { continue }
        switch columns[part].kind {
        case .moment: bytes.append(contentsOf: Moment(packed: row[part]).description.utf8)
        case .choice(let names): bytes.append(contentsOf: names[Int(row[part])].utf8)
        default:
          for byte in texts.text(row[part]) {
            if hasFreeText, byte == separator || byte == 0x5C { bytes.append(0x5C) }
            bytes.append(byte)
          }
        }
      }
      row[0] = bytes.withUnsafeBufferPointer { texts.append($0) }
    }
  }
}

/// Some records of a batch, few enough for their rows to stay in the processor's cache while column after
/// column is filled.
struct RecordChunk {
  static let size = 1024

  let bytes: UnsafePointer<UInt8>
  let fields: UnsafePointer<RecordBatch.Field>
  let recordWidth: Int
  let records: Range<Int>
  let lines: ArraySlice<Int32>

  func pass(rows: UnsafeMutablePointer<Int64>, rowWidth: Int, entity: Int) -> ColumnPass {
    ColumnPass(
      bytes: bytes, fields: fields, recordWidth: recordWidth, records: records, rows: rows,
      rowWidth: rowWidth,
      entity: entity)
  }
}
