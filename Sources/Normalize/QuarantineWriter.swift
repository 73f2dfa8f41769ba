import Model

/// A row for quarantine, before the source is read to its end.
struct PendingQuarantine: Sendable {
  var row: QuarantinedRow
  /// False for the further entities of a bad record: their own cells were fine.
  var isAtFault: Bool
  /// The first of its record's rows.
  var isFirst: Bool
}

/// Writes up the records of one file that cannot be used.
struct QuarantineWriter {
  private let source: SourceConfiguration
  private let file: SourceFile
  private let entities: [EntityReader]
  private let dataThrough: FieldReader?
  private let sentence: FaultSentence

  init(mapper: RowMapper, dataThrough: FieldReader?) {
    source = mapper.source
    file = mapper.file
    entities = mapper.entities
    self.dataThrough = dataThrough
    sentence = FaultSentence(
      fileKind: mapper.file.kind,
      numbers: NumberFormat(
        decimalMark: mapper.source.format.decimalMark, thousands: mapper.source.format.thousands))
  }

  func raw(_ bytes: some Sequence<UInt8>) -> RawRow {
    RawRow(Array(bytes), delimiter: file.delimiter, format: source.format)
  }

  /// One row for each entity whose id is known, the one at fault first; then one without an id for each of which any row could be there,
  /// too. Where no id is known one row stands for all entities.
  func rows(
    at place: Place, _ name: String, _ reason: String, raw: String, atFault: Int?, keys: [String?],
    hidden: [Int] = [], isFault: Bool = true
  ) -> [PendingQuarantine] {
    let order = (atFault.map { [$0] } ?? []) + keys.indices.filter { $0 != atFault && keys[$0] != nil }
    let known: [(entity: Int?, key: String?)] = order.map { ($0, keys[$0]) }
    let entries = known.isEmpty ? [(nil, nil)] : known + hidden.map { ($0, nil) }
    return entries.enumerated().map { position, entry in
      PendingQuarantine(
        row: QuarantinedRow(
          place: place, name: name, reason: reason, raw: raw, entity: entry.entity.map { entities[$0].kind },
          key: entry.key),
        isAtFault: isFault && entry.entity == atFault, isFirst: position == 0)
    }
  }

  // MARK: A field that cannot be read

  func rows(for fault: CellFault, _ keys: [String?], in batch: RecordBatch) -> [PendingQuarantine] {
    let entity = entities[fault.entity]
    let rawField = batch.raws[fault.record]
    let start = Int(rawField.offset)
    let row = raw(batch.bytes[start..<start + Int(rawField.length)])
    let line = Int(batch.lines[fault.record])
    if fault.fault == .refused, let refused = entity.refused.first(where: { $0.column == fault.column }) {
      return rows(for: fault, refused, keys, in: batch, row, line)
    }
    guard let reader = reader(of: fault) else {
      let name = entity.kind.columns[fault.column].name
      return rows(
        at: place(ofRecord: fault.record, batch, line), fault.fault.name.rawValue,
        "\(sentence.problem(fault.fault, unmapped: name)). \(sentence.remedy(fault.fault))", raw: row.text,
        atFault: fault.entity,
        keys: keys)
    }
    let found = text(of: reader, fault.record, batch)
    let kind = settled(fault.fault, reader, fault.record, batch, found)
    return rows(
      at: place(of: reader, fault.record, batch, row, line), kind.name.rawValue,
      "\(sentence.problem(kind, reader: reader, found: found)). \(sentence.remedy(kind, reader.mapping))",
      raw: row.text,
      atFault: fault.entity, keys: keys)
  }

  private func rows(
    for fault: CellFault, _ refused: RefusedFields, _ keys: [String?], in batch: RecordBatch, _ row: RawRow,
    _ line: Int
  ) -> [PendingQuarantine] {
    let name = entities[fault.entity].kind.columns[fault.column].name
    let index = refused.fields.first { batch.fields[fault.record * batch.width + $0].length > 0 } ?? 0
    let problem =
      "`\(name)` cannot be told: \(file.kind == .csv ? "column" : "field") `\(file.header[index])` has a value"
    return rows(
      at: place(ofRecord: fault.record, batch, line), fault.fault.name.rawValue,
      "\(problem). \(refused.because ?? fault.fault.name.remedy)", raw: row.text, atFault: fault.entity,
      keys: keys)
  }

  /// JSON's numbers are written out: one that still has its exponent has more digits than any quantity.
  private func settled(
    _ fault: FieldFault, _ reader: FieldReader, _ record: Int, _ batch: RecordBatch, _ found: String
  ) -> FieldFault {
    guard fault == .exponentNotation, sentence.fileKind != .csv, let index = reader.firstField,
      !batch.fields[record * batch.width + index].quoted
    else { return fault }
    return found.contains("e-") || found.contains("E-") ? .tooPrecise : .tooLarge
  }

  private func reader(of fault: CellFault) -> FieldReader? {
    let entity = entities[fault.entity]
    let width = entity.kind.columns.count
    if fault.column == width { return dataThrough }
    if fault.column > width { return entity.attributes?.readers[fault.column - width - 1] }
    return entity.readers.first { $0.target == fault.column }
  }

  private func text(of reader: FieldReader, _ record: Int, _ batch: RecordBatch) -> String {
    func field(_ index: Int) -> String {
      let field = batch.fields[record * batch.width + index]
      let bytes = batch.bytes[Int(field.offset)..<Int(field.offset) + Int(field.length)]
      return String(decoding: trimmed(String(decoding: bytes, as: UTF8.self)), as: UTF8.self)
    }
    switch reader.origin {
    case .column(let index): return field(index)
    case .template(let pieces):
      return pieces.map { piece in
        switch piece {
        case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
        case .column(let index): field(index)
        }
      }.joined()
    case .constant:
      if case .constant(let text) = reader.mapping.origin { return text }
      return ""
    }
  }

  private func place(
    of reader: FieldReader, _ record: Int, _ batch: RecordBatch, _ row: RawRow, _ line: Int
  ) -> Place {
    guard let index = reader.firstField else { return place(ofRecord: record, batch, line) }
    let offset = offset(ofField: index, record, batch)
    if file.kind != .csv {
      return documentPlace(batch.origins[record], line, field: index, offset: offset, row)
    }
    guard let offset else { return place(ofField: index, in: row, line) }
    return row.place(of: offset, file: file.path, line: line)
  }

  /// Offset of a field in its record's raw text; nil where it does not stand there.
  private func offset(ofField index: Int, _ record: Int, _ batch: RecordBatch) -> Int? {
    let position = record * batch.width + index
    let field = batch.fields[position]
    let raw = batch.raws[record]
    // An unescaped copy stands behind the raw text.
    let escape = batch.escapes.partitioningIndex { $0.field >= position }
    if escape < batch.escapes.count, batch.escapes[escape].field == position {
      return Int(batch.escapes[escape].offset) - Int(raw.offset)
    }
    // A field that a document lacks has no length.
    guard field.offset >= raw.offset, field.offset + field.length <= raw.offset + raw.length,
      file.kind == .csv || field.length > 0
    else { return nil }
    return Int(field.offset - raw.offset)
  }

  private func place(ofRecord record: Int, _ batch: RecordBatch, _ line: Int) -> Place {
    guard file.kind != .csv else { return Place(file: file.path, line: line, column: 1) }
    return documentPlace(batch.origins[record], line, field: nil, offset: nil, nil)
  }

  /// Line and column, or where the file is one document the byte; and the JSON pointer.
  private func documentPlace(
    _ origin: RecordBatch.Origin, _ line: Int, field: Int?, offset: Int?, _ row: RawRow?
  ) -> Place {
    let path = field.flatMap { FieldPath(file.header[$0]) }
    let pointer = source.format.pointer(to: path, of: origin)
    if file.kind == .json {
      return Place(file: file.path, byte: origin.byte + (offset ?? 0), pointer: pointer)
    }
    var place =
      row?.place(of: offset ?? 0, file: file.path, line: line)
      ?? Place(file: file.path, line: line, column: 1)
    place.pointer = pointer
    return place
  }

  /// The place of a record that was read once more; of several in one document that of the document.
  ///
  /// - Parameter line: Of a file that is one document the record's number.
  func latePlace(ofField index: Int, in row: RawRow, _ line: Int, byte: Int?) -> Place {
    switch file.kind {
    case .csv: return place(ofField: index, in: row, line)
    case .ndjson: return Place(file: file.path, line: line, column: 1, pointer: "")
    case .json: return source.format.place(ofLine: Int32(truncatingIfNeeded: line), in: file, byte: byte)
    }
  }

  private func place(ofField index: Int, in row: RawRow, _ line: Int) -> Place {
    let fields = row.fields
    return row.place(of: index < fields.count ? fields[index].start : 0, file: file.path, line: line)
  }

  // MARK: A row that is no record

  func rows(for malformed: RecordBatch.Malformed) -> [PendingQuarantine] {
    let fields =
      malformed.fields ?? raw(malformed.raw.utf8).fields.map { String(decoding: $0.text, as: UTF8.self) }
    let isDocument = file.kind == .json
    let place = Place(
      file: file.path, line: isDocument ? nil : malformed.line, column: isDocument ? nil : malformed.column,
      byte: isDocument ? malformed.origin?.byte : nil, pointer: malformed.pointer)
    let keys = entities.map { key(of: $0, in: fields) }
    return rows(
      at: place, malformed.name, malformed.reason, raw: malformed.raw, atFault: nil, keys: keys,
      hidden: entities.indices.filter {
        (keys[$0] == nil || malformed.hidesElements) && isOfElement(entities[$0])
      }, isFault: false)
  }

  /// Whether an entity's id lies in the elements of a document, so that the document's other fields do not tell which rows it has.
  private func isOfElement(_ entity: EntityReader) -> Bool {
    guard let each = source.format.each else { return false }
    func isInside(_ field: Int) -> Bool {
      FieldPath(file.header[field])?.names.starts(with: each.names) ?? false
    }
    let ids = entity.readers.filter { $0.target == 0 }
    // An id that is not mapped is made of the other fields.
    return (ids.isEmpty ? entity.readers : ids).contains { reader in
      switch reader.origin {
      case .column(let field): isInside(field)
      case .template(let pieces):
        pieces.contains { if case .column(let field) = $0 { isInside(field) } else { false } }
      case .constant: false
      }
    }
  }

  /// The id such a row most likely carries: its key then keeps the last good version, which does no harm if
  /// the guess is wrong.
  private func key(of entity: EntityReader, in fields: [String]) -> String? {
    guard let reader = entity.readers.first(where: { $0.target == 0 }), reader.map == nil,
      case .column(let index) = reader.origin, index < fields.count
    else { return nil }
    let text = trimmed(fields[index])
    return text.isEmpty || text.withUnsafeBufferPointer(reader.isMissing)
      ? nil : String(decoding: text, as: UTF8.self)
  }
}

extension FieldReader {
  /// Position of the field, or of the template's first one; nil for a constant.
  var firstField: Int? {
    switch origin {
    case .column(let index): index
    case .template(let pieces):
      pieces.lazy.compactMap { if case .column(let index) = $0 { index } else { nil } }.first
    case .constant: nil
    }
  }
}
