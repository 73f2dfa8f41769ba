import Model

/// One entity of a source, compiled against one file's header.
struct EntityReader: Sendable {
  enum Identity: Sendable {
    case mapped
    /// `2024-01-31-EUR-USD`
    case rate
    /// `2024-01-31-marketing-EUR`, with an ordinal where a source has several
    /// (``DuplicateSettlement/numberExpenses(in:)``).
    case expense
  }

  let kind: EntityKind
  let identity: Identity
  let rows: SourceConfiguration.Rows
  /// Amounts last, because they look at the row's currency.
  let readers: [FieldReader]
  let attributes: AttributeReader?
  let rules: [RowRule]
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

  /// Rows with a missing part of it have a fault already.
  private func fillIdentity(_ pass: ColumnPass, texts: inout TextArena) {
    guard identity != .mapped, let day = kind.index(of: "day") else { return }
    let category = kind.index(of: "category")
    let currencies = ["from", "to", "currency"].compactMap { kind.index(of: $0) }
    var row = pass.rows
    for _ in pass.records {
      defer { row += pass.rowWidth }
      let parts = [day] + currencies + (category.map { [$0] } ?? [])
      guard parts.allSatisfy({ row[$0] != EntityColumn.null }) else { continue }
      var id = Moment(packed: row[day]).description
      if let category { id += "-" + EntityColumn.expenseCategories[Int(row[category])] }
      var bytes = Array(id.utf8)
      for currency in currencies {
        bytes.append(0x2D)
        bytes.append(contentsOf: texts.text(row[currency]))
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
