import Model

/// Reads the records of one file, however they are written.
public protocol RecordReader: AnyObject {
  /// What was found out about the file; complete when there are no more batches.
  var file: SourceFile { get }
  /// What was noticed about the file as a whole, so far. One of severity error: the rows are not to be trusted.
  var findings: [Finding] { get }
  /// The next records and malformed rows, in the memory of a batch that is used up; false at the end, or when the file
  /// cannot be read on.
  func next(into batch: inout RecordBatch) -> Bool
  /// Reads as far as it takes to know that the mapped columns are there; ``findings`` say what is missing.
  func lookForColumns()
}

/// Opens one file of a source, as delimited text or as JSON: what the source declares, else what the file's ending says, else
/// what its first bytes show.
///
/// - Parameters:
///   - path: Where it lies.
///   - shownAs: Its path as findings and ``SourceFile/path`` show it.
public func openRecords(
  path: String, shownAs: String, of source: SourceConfiguration, limits: ReaderLimits = ReaderLimits()
) -> Result<any RecordReader, UnreadableFile> {
  do throws(ReadFault) {
    let format = source.format
    let hint = DocumentKind(format, path: shownAs)
    if hint == .delimited {
      return try .success(DelimitedReader(path: path, shownAs: shownAs, format, limits))
    }
    let input = try DocumentInput(path: path, shownAs: shownAs, format, hint, limits)
    guard let input else {
      return try .success(DelimitedReader(path: path, shownAs: shownAs, format, limits))
    }
    return try .success(DocumentReader(input, format, source.mappedColumns, limits))
  } catch {
    return .failure(UnreadableFile(finding: error.finding(file: shownAs)))
  }
}

/// The raw texts of the records that begin on the given lines, or have the given numbers, in a file that has been read before.
///
/// - Parameter file: What was found out about it then: where its bytes are others now, a finding of severity error says so
///   and there are no texts.
public func rawRecords(
  ofLines lines: Set<Int32>, in file: SourceFile, at path: String, of source: SourceConfiguration
) -> (records: [Int32: RawRecord], findings: [Finding]) {
  switch openRecords(path: path, shownAs: file.path, of: source) {
  case .failure(let unreadable): return ([:], [unreadable.finding])
  case .success(let reader):
    var records: [Int32: RawRecord] = [:]
    var batch = RecordBatch(width: 0)
    // The digest of JSON is known at the file's end.
    let mustEnd = file.kind != .csv
    if !mustEnd, reader.file.digest != file.digest { return ([:], [DelimitedReader.fileChanged(file.path)]) }
    while mustEnd || records.count < lines.count, reader.next(into: &batch) {
      for (record, line) in batch.lines.enumerated() where lines.contains(line) {
        records[line] = RawRecord(
          text: batch.rawText(ofRecord: record),
          byte: file.kind == .json ? batch.origins[record].byte : nil)
      }
    }
    guard reader.file.digest == file.digest else { return ([:], [DelimitedReader.fileChanged(file.path)]) }
    return (records, records.count < lines.count ? reader.findings.filter { $0.severity == .error } : [])
  }
}
