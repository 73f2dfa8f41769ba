import Model

/// Turns the records of one file into entity rows, by the declared mapping; what cannot be read goes to
/// quarantine.
///
/// Every good record gives one row to each entity of the source; a bad one gives none to any. A stage of
/// values: no clock, no I/O.
public struct RowMapper: Sendable {
  /// The file, with its snapshot instant where its name declares one.
  public let file: SourceFile
  /// Rows not yet put away, one batch for each entity of the source, in the configuration's order; their rows are of
  /// the same records until ``SourceAssembler`` has settled duplicates.
  public internal(set) var parts: [EntityBatch]
  /// Where rows go when they are many; nil: they stay in memory.
  public var shelf: BatchShelf?
  /// The latest value of the column `data_through` names.
  public private(set) var latestDataThrough: Moment?
  /// Records seen: good, bad and malformed.
  public private(set) var records = 0
  /// Records that could not be used.
  public private(set) var badRecords = 0
  public private(set) var findings: [Finding]

  let source: SourceConfiguration
  let entities: [EntityReader]
  private(set) var pending: [PendingQuarantine] = []
  private var ready: [ReadyMemory]
  /// Rows before those of ``parts``, by entity.
  private var segments: [RowSegments]
  private let dataThrough: FieldReader?

  /// Rows in quarantine: one for each bad record and entity whose id could be read, the entity at fault
  /// first; at least one. Of a document
  /// whose elements cannot all be told there is one more, without an id, for each entity that has its id from them.
  public var quarantined: [QuarantinedRow] { pending.map(\.row) }

  /// Resolves the mapping against the file's header. Without a mapper the findings say what is wrong: a
  /// needed column is missing, a constant cannot be read, the file's name has no date, or one that is still to come.
  ///
  /// - Parameter now: What the machine's clock says, whatever moment the run is as of; nil: any date is believed.
  public static func compile(
    source: SourceConfiguration, file: SourceFile, now: Moment? = nil
  ) -> (mapper: RowMapper?, findings: [Finding]) {
    var compiler = MappingCompiler(source: source, file: file)
    let entities = source.entities.map { compiler.entity($0) }
    var dataThrough: FieldReader?
    var file = file
    switch source.dataThrough {
    case .column(let field): dataThrough = compiler.dataThrough(field)
    case .fileName(let pattern):
      file.snapshot = snapshotMoment(of: file.path, pattern: pattern)
      if file.snapshot == nil {
        compiler.report(
          .fileNameWithoutDate, at: source.place, "the name of \(file.path) does not match `\(pattern)`")
      } else if let snapshot = file.snapshot, let now, snapshot.seconds > now.seconds + 2 * 86_400 {
        // Two days: it is tomorrow elsewhere already, and clocks differ.
        compiler.report(
          .futureFileName, at: source.place,
          "the name of \(file.path) says \(snapshot), and this machine's clock \(now.description.prefix(10))")
      }
    case .asOf, .fixed: break
    }
    guard compiler.findings.isEmpty else { return (nil, compiler.findings) }
    return (RowMapper(source, file, entities, dataThrough), [])
  }

  private init(
    _ source: SourceConfiguration, _ file: SourceFile, _ entities: [EntityReader], _ dataThrough: FieldReader?
  ) {
    self.source = source
    self.file = file
    self.entities = entities
    self.dataThrough = dataThrough
    parts = entities.map { $0.newBatch() }
    ready = entities.map { _ in ReadyMemory() }
    segments = entities.map { RowSegments(kind: $0.kind) }
    findings = []
  }

  /// Counts records that are not mapped, since they are known to be good and unchanged.
  public mutating func skip(records count: Int) { records += count }

  /// Maps one batch of the file's records, in file order.
  public mutating func map(_ batch: RecordBatch) {
    let isFirst = records == 0
    records += batch.count + batch.malformed.count
    badRecords += batch.malformed.count
    let writer = QuarantineWriter(mapper: self, dataThrough: dataThrough)
    let firstRows = parts.map(\.count)
    for malformed in batch.malformed { pending.append(contentsOf: writer.rows(for: malformed)) }
    var texts = TextArena()
    batch.bytes.withUnsafeBufferPointer { bytes in
      batch.fields.withUnsafeBufferPointer { fields in
        guard let first = fields.baseAddress else { return }
        // Without any text every field is empty, and nothing is read through this address.
        let start =
          bytes.baseAddress ?? UnsafePointer(UnsafeRawPointer(first).assumingMemoryBound(to: UInt8.self))
        for row in stride(from: 0, to: batch.count, by: RecordChunk.size) {
          let range = row..<min(row + RecordChunk.size, batch.count)
          let chunk = RecordChunk(
            bytes: start, fields: first, recordWidth: batch.width, records: range, lines: batch.lines[range])
          map(chunk, of: batch, writer, &texts)
        }
      }
    }
    for (part, first) in firstRows.enumerated() {
      entities[part].shared?.share(in: &parts[part], from: first)
    }
    if let shelf { return putAway(on: shelf) }
    let room = BatchRoom(fileSize: file.bytes, taken: batch.bytes.count)
    for part in parts.indices {
      if isFirst, file.compression == "none" { room.make(in: &parts[part]) }
      ready[part].extend(&parts[part], rows: batch.count)
    }
  }

  private mutating func map(
    _ chunk: RecordChunk, of batch: RecordBatch, _ writer: QuarantineWriter, _ texts: inout TextArena
  ) {
    var faults: [CellFault] = []
    let firstRows = parts.map(\.count)
    for index in entities.indices {
      entities[index].append(chunk, entity: index, to: &parts[index], texts: &texts, faults: &faults)
    }
    var throughs = [Int64](repeating: EntityColumn.null, count: dataThrough == nil ? 0 : chunk.records.count)
    if let dataThrough {
      texts.begin(at: 0, after: [])
      throughs.withUnsafeMutableBufferPointer { cells in
        guard let base = cells.baseAddress else { return }
        dataThrough.fill(chunk.pass(rows: base, rowWidth: 1, entity: 0), texts: &texts, faults: &faults)
      }
    }
    var isBad = [Bool](repeating: false, count: chunk.records.count)
    for fault in faults {
      let index = fault.record - chunk.records.lowerBound
      // Of several faults of a record the first is told.
      if isBad[index] { continue }
      isBad[index] = true
      badRecords += 1
      let keys = parts.indices.map { parts[$0].key(ofRow: firstRows[$0] + index) }
      pending.append(contentsOf: writer.rows(for: fault, keys, in: batch))
    }
    for (index, cell) in throughs.enumerated() where cell != EntityColumn.null && !isBad[index] {
      let moment = Moment(packed: cell)
      if latestDataThrough.map({ $0.completes(before: moment) }) ?? true { latestDataThrough = moment }
    }
    guard !faults.isEmpty else { return }
    for (part, first) in firstRows.enumerated() {
      parts[part].removeRows(from: first) { isBad[$0 - first] }
    }
  }
}

extension RowMapper {
  private mutating func putAway(on shelf: BatchShelf) {
    guard parts.contains(where: { $0.cells.count * 8 >= shelf.batchSize }) else { return }
    for index in parts.indices {
      if let held = shelf.put(parts[index]) {
        segments[index].append(parts[index], as: held)
        // Filled again in the same place.
        parts[index].removeAllRows(keeping: entities[index].constants)
      } else {
        segments[index].append(parts[index], as: HeldBatch(parts[index]))
        parts[index] = entities[index].newBatch()
      }
    }
  }

  /// Hands the rows over, by entity.
  mutating func takeRows() -> [RowSegments] {
    for index in parts.indices where parts[index].count > 0 || segments[index].isEmpty {
      segments[index].append(parts[index], as: HeldBatch(parts[index]))
    }
    parts = []
    var taken: [RowSegments] = []
    swap(&taken, &segments)
    return taken
  }
}

extension EntityBatch {
  mutating func removeAllRows(keeping constants: [UInt8]) {
    cells.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    texts.removeLast(texts.count - constants.count)
  }

  /// The natural id of a row; nil when it could not be read.
  func key(ofRow row: Int) -> String? { text(cells[row * width]) }

  /// Takes out the rows from `first` on that `isBad` names, keeping the order of the others.
  mutating func removeRows(from first: Int, where isBad: (Int) -> Bool) {
    var kept = first
    for row in first..<count where !isBad(row) {
      if kept != row {
        for column in 0..<width { cells[kept * width + column] = cells[row * width + column] }
        lines[kept] = lines[row]
      }
      kept += 1
    }
    cells.removeLast((count - kept) * width)
    lines.removeLast(count - kept)
  }
}

extension Moment {
  /// Whether data complete through this moment ends earlier: a plain day is complete to its end, an instant
  /// to itself.
  func completes(before other: Moment) -> Bool {
    let (own, others) = (completeness, other.completeness)
    return own == others ? packed < other.packed : own < others
  }

  private var completeness: Int64 { isInstant ? seconds : seconds + 86_400 }
}
