import Model

/// Reads the records of one JSON file, a block at a time, in memory that does not grow with the file: documents one a line,
/// or the elements of one document's array.
///
/// The fields of a record are those the mapping names; ``SourceFile/header`` lists them. In a file of lines a line that is no
/// JSON is malformed and the others are read; in one document everything behind a fault is in doubt, and a finding of severity
/// error says so.
public final class DocumentReader: RecordReader {
  public private(set) var file: SourceFile
  public private(set) var findings: [Finding] = []

  private let input: DocumentInput
  private let limits: ReaderLimits
  private let columns: [MappedColumn]
  private let tokens = TokenIndex()
  private let rows: DocumentRows
  private var lines: LineScan
  private var document: ArrayScan
  /// Text read and not yet taken.
  private var text: [UInt8] = []
  private var isStalled = false
  private var isDone = false

  init(_ input: DocumentInput, _ format: FileFormat, _ columns: [MappedColumn], _ limits: ReaderLimits)
    throws(ReadFault)
  {
    self.input = input
    self.limits = limits
    self.columns = columns
    let tree = try FieldTree(columns.map(\.name), each: format.each)
    rows = DocumentRows(tree, format, kind: input.kind)
    lines = LineScan(base: input.markLength)
    document = ArrayScan(format.records, base: input.markLength)
    file = input.file
    file.header = columns.map(\.name)
  }

  public func next(into batch: inout RecordBatch) -> Bool {
    do throws(ReadFault) {
      while !isDone {
        if try readBlock(into: &batch) { return true }
      }
    } catch {
      give(up: error.finding(file: file.path))
    }
    return false
  }

  public func lookForColumns() {
    var batch = RecordBatch(width: 0)
    while rows.documents == 0 || rows.neverSeen.contains(where: { !columns[$0.column].isOptional }) {
      guard next(into: &batch) else { return }
    }
  }

  private func readBlock(into batch: inout RecordBatch) throws(ReadFault) -> Bool {
    try input.source.extend(&text, by: isStalled ? limits.growth(of: text.count) : limits.blockSize)
    let isAtEnd = input.source.isAtEnd
    batch.clear(width: columns.count)
    let result = text.withUnsafeBufferPointer { text in
      input.kind == .ndjson
        ? lines.take(text, tokens, rows, isAtEnd: isAtEnd, limits, into: &batch)
        : document.take(text, tokens, rows, isAtEnd: isAtEnd, limits, into: &batch)
    }
    switch result {
    case .fault(let fault):
      give(up: finding(fault))
      return false
    case .taken(let taken):
      isStalled = taken == 0
      rows.finish(taken, &batch)
      swap(&batch.bytes, &text)
      text.append(contentsOf: batch.bytes[taken...])
      batch.bytes.removeLast(text.count)
      batch.bytes.append(contentsOf: rows.copies)
    }
    file.rows += batch.count
    if isAtEnd, text.isEmpty || isStalled { finish() }
    return batch.count > 0 || !batch.malformed.isEmpty
  }

  private func finding(_ fault: FileFault) -> Finding {
    Finding(
      .error, fault.name,
      at: Place(file: file.path, line: fault.line, column: fault.column, byte: fault.byte),
      fault.problem, excerpt: fault.excerpt,
      consequence: "what follows cannot be trusted: no row of this file is used and nothing is published",
      remedy: fault.remedy)
  }

  private func give(up finding: Finding) {
    findings.append(finding)
    isDone = true
    text = []
    file.digest = input.digestToEnd()
  }

  private func finish() {
    isDone = true
    file.digest = input.digestToEnd()
    if input.disk.hasChanged { findings.append(DelimitedReader.fileChanged(file.path)) }
    if rows.documents == 0, input.kind == .ndjson, rows.malformed == 0 {
      findings.append(
        Finding(
          .warning, .emptyFile, at: Place(file: file.path), "the file holds no record",
          remedy: "look whether the export or its transfer failed"))
    }
    if rows.documentsWithoutElement > 0, let each = rows.tree.each {
      warn(
        .noElements,
        "\(rows.documentsWithoutElement) of \(rows.documents) documents have nothing in `\(each.dotted)`",
        "they give no row")
    }
    if rows.documentsWithMore > 0, let each = rows.tree.each {
      warn(
        .moreElsewhere,
        "\(rows.documentsWithMore) of \(rows.documents) documents say `has_more: true` beside `\(each.dotted)`",
        "what is not in the file counts nowhere")
    }
    if document.saysMore {
      warn(
        .moreElsewhere, "the document says `has_more: true` beside its records: it is one page of several",
        "what is in none of the source's files counts nowhere")
    }
    reportMissingFields()
  }

  private func warn(_ name: ExtractFinding, _ problem: String, _ consequence: String?) {
    findings.append(
      Finding(.warning, name, at: Place(file: file.path), problem, consequence: consequence))
  }

  /// A misspelt name would otherwise be a column of nothing.
  private func reportMissingFields() {
    for (column, path) in rows.neverSeen where !columns[column].isOptional {
      findings.append(
        Finding(
          .error, .missingField, at: columns[column].place,
          "no record of \(file.path) has `\(path.dotted)`, which `\(columns[column].name)` is read from",
          consequence: "nothing is published",
          remedy:
            "correct the name, or say `{column: \(columns[column].name), optional: true}` where it may be missing"
        ))
    }
  }
}
