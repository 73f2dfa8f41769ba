import Model

/// Turns scanned documents into records of a batch, and those that cannot be used into malformed ones.
final class DocumentRows {
  let tree: FieldTree
  private let scanner: DocumentScanner
  private let format: FileFormat
  private let kind: FileFormat.Kind
  /// Documents so far, those without any record and those that cannot be used included.
  private(set) var documents = 0
  private(set) var documentsWithoutElement = 0
  /// Documents whose array of elements goes on elsewhere.
  private(set) var documentsWithMore = 0
  private(set) var malformed = 0
  private var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var base = 0

  /// The document that was scanned last.
  struct Document {
    /// Its line, or its number in the array of records; from 1, and 0 for a file that is one record.
    var line: Int
    var index: Int?
    var raw: Range<Int>
  }

  init(_ tree: FieldTree, _ format: FileFormat, kind: FileFormat.Kind) {
    self.tree = tree
    self.format = format
    self.kind = kind
    scanner = DocumentScanner(tree, decimalMark: format.decimalMark)
  }

  var copies: [UInt8] { scanner.fields.rows.copies }
  var neverSeen: [(column: Int, path: FieldPath)] { scanner.fields.neverSeen() }
  /// The token behind the last document.
  var next: Int { scanner.next }

  /// - Parameter base: Offset of the text in the file.
  func begin(
    _ text: UnsafeBufferPointer<UInt8>, _ tokens: TokenIndex, count: Int, isLast: Bool, base: Int
  ) {
    self.text = text
    self.base = base
    scanner.begin(text, tokens, count: count, isLast: isLast)
  }

  func scan(from token: Int, stop: Int) -> DocumentScanner.Outcome { scanner.scan(from: token, stop: stop) }

  /// Adds the records of the document scanned last.
  func add(_ document: Document, to batch: inout RecordBatch) {
    documents += 1
    let fields = scanner.fields
    if fields.saysMore { documentsWithMore += 1 }
    if let mismatch = fields.mismatch {
      setAside(document, mismatch.name, mismatch.reason(tree), at: mismatch.at, node: mismatch.node, &batch)
      return
    }
    let bad = fields.badRows
    let rows = fields.rows
    let first = rows.firstRow
    var elements = rows.count - first
    if elements == 0 { documentsWithoutElement += 1 }
    for (row, mismatch) in bad {
      let origin = self.origin(document, tree.hasEach ? row - first : nil)
      note(
        document, mismatch.name, mismatch.reason(tree), at: mismatch.at, node: mismatch.node, origin,
        rows.texts(ofRow: row), &batch)
    }
    for (row, _) in bad.reversed() { rows.drop(row: row) }
    elements = rows.count - first
    guard elements > 0 else { return }
    let raw = RecordBatch.Field(
      offset: UInt32(truncatingIfNeeded: document.raw.lowerBound),
      length: UInt32(truncatingIfNeeded: document.raw.count), quoted: false)
    let line = Int32(truncatingIfNeeded: document.line)
    guard tree.hasEach else {
      batch.lines.append(line)
      batch.raws.append(raw)
      batch.origins.append(origin(document, nil))
      return
    }
    let badElements = Set(bad.map { $0.row - first })
    for element in 0..<(elements + bad.count) where !badElements.contains(element) {
      batch.lines.append(line)
      batch.raws.append(raw)
      batch.origins.append(origin(document, element))
    }
  }

  /// Adds a document that is no JSON as malformed.
  func add(_ document: Document, _ fault: SyntaxFault, to batch: inout RecordBatch) {
    documents += 1
    setAside(document, fault.name, fault.reason, at: fault.at, node: nil, &batch)
  }

  /// Every record of the document that was read so far: its key then keeps what is known of it.
  private func setAside(
    _ document: Document, _ name: ExtractFinding, _ reason: String, at: Int, node: Int?,
    _ batch: inout RecordBatch
  ) {
    let rows = scanner.fields.rows
    for row in rows.firstRow..<rows.count {
      let element = tree.hasEach ? row - rows.firstRow : nil
      note(
        document, name, reason, at: at, node: node, origin(document, element), rows.texts(ofRow: row),
        &batch)
    }
    if rows.count == rows.firstRow {
      note(
        document, name, reason, at: at, node: node, origin(document, nil), rows.sharedTexts, &batch)
    }
    if tree.hasEach, isOnTheWayToElements(node), !batch.malformed.isEmpty {
      batch.malformed[batch.malformed.count - 1].hidesElements = true
    }
    rows.dropDocument()
  }

  /// Whether a fault of this field, nil for one of the whole document, leaves open which elements there are.
  private func isOnTheWayToElements(_ node: Int?) -> Bool {
    guard let node, let each = tree.each else { return true }
    return each.names.starts(with: tree.paths[node].names)
  }

  private func note(
    _ document: Document, _ name: ExtractFinding, _ reason: String, at: Int, node: Int?,
    _ origin: RecordBatch.Origin, _ fields: [String], _ batch: inout RecordBatch
  ) {
    malformed += 1
    var place = origin
    place.byte = base + at
    batch.malformed.append(
      RecordBatch.Malformed(
        line: document.line,
        column: LinePosition(of: at, in: text, from: document.raw.lowerBound).column, name: name.rawValue,
        reason: reason, raw: RecordCollector.excerpt(text, document.raw.lowerBound, document.raw.upperBound),
        origin: place, pointer: format.pointer(to: node.map { tree.paths[$0] }, of: origin), fields: fields))
  }

  /// Adds a line that is no document because of its length.
  func add(tooLong line: Int, to batch: inout RecordBatch) {
    malformed += 1
    batch.malformed.append(
      RecordBatch.Malformed(
        line: line, column: 1, name: ExtractFinding.rowTooLong.rawValue,
        reason: "the line is longer than a record can be; it is left out to its end",
        raw: RecordCollector.excerpt(text, 0, text.count), origin: RecordBatch.Origin(byte: base),
        pointer: "",
        fields: []))
  }

  private func origin(_ document: Document, _ element: Int?) -> RecordBatch.Origin {
    RecordBatch.Origin(byte: base + document.raw.lowerBound, index: document.index, element: element)
  }

  /// Hands the fields over, when the batch has all its records.
  ///
  /// - Parameter taken: Bytes of text in front of the copies.
  func finish(_ taken: Int, _ batch: inout RecordBatch) {
    let rows = scanner.fields.rows
    batch.fields.append(contentsOf: UnsafeBufferPointer(start: rows.fields, count: rows.count * tree.width))
    guard !rows.escapes.isEmpty else { return }
    batch.escapes = rows.escapes.sorted { $0.field < $1.field }
    for escape in batch.escapes { batch.fields[escape.field].offset += UInt32(taken) }
  }
}
