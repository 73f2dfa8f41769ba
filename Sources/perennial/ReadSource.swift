import Extract
import Model
import Normalize

/// Extracts and normalizes everything one source has to say: all its files, every bad row in quarantine.
///
/// - Parameters:
///   - found: The source's files on this machine.
///   - known: The records of the last read, to be passed over where they are the same.
///   - shelf: Where rows lie until they are applied, when they are many; nil: in memory.
///   - progress: Called now and then with the records and bytes read so far.
func readSource(
  _ source: SourceConfiguration, _ found: FoundFiles, asOf: Moment, known: KnownRecords? = nil,
  shelf: BatchShelf? = nil,
  progress: (_ records: Int, _ bytes: Int) -> Void = { _, _ in }
) throws -> SourceRead {
  var assembler = SourceAssembler(source: source, asOf: asOf)
  assembler.judgesQuarantine = found.streamRead?.extent != .changes
  assembler.add(findings: found.findings)
  var records = 0
  var bytes = 0
  var trail: RecordTrail?
  for file in found.files {
    switch openRecords(path: file.path, shownAs: file.shownAs, of: source) {
    case .failure(let unreadable):
      assembler.add(findings: [unreadable.finding], file: SourceFile(path: file.shownAs))
    case .success(let reader) where reader.file.isWithoutHeader:
      assembler.add(findings: [emptyFile(reader.file)], file: reader.file)
    case .success(let reader):
      let (compiled, findings) = RowMapper.compile(source: source, file: reader.file, now: Clock.now)
      guard var mapper = compiled else {
        assembler.add(findings: reader.findings + findings, file: reader.file)
        continue
      }
      mapper.shelf = shelf
      var batch = RecordBatch(width: 0)
      var filter =
        found.files.count == 1 && source.leavesTrail && reader.file.kind == .csv
        ? RecordFilter(known, reader.file) : nil
      while reader.next(into: &batch) {
        records += batch.count
        if let passed = filter?.pass(&batch) { mapper.skip(records: passed) }
        mapper.map(batch)
        progress(records, bytes)
      }
      trail = filter?.trail
      bytes += reader.file.bytes
      progress(records, bytes)
      // The mapper's own findings travel with it; `findings` are those of compiling, which it holds too.
      assembler.add(mapper, file: reader.file, findings: reader.findings)
      if let damage = file.damage(digest: reader.file.digest) { assembler.add(findings: [damage]) }
    }
  }
  let paths = Dictionary(found.files.map { ($0.shownAs, $0.path) }) { first, _ in first }
  var read = try assembler.finish { file, lines in
    rawRecords(ofLines: lines, in: file, at: paths[file.path] ?? file.path, of: source)
  }
  read.trail = trail
  return read
}

extension SourceFile {
  /// One fault, and not one for each column that is not in it.
  var isWithoutHeader: Bool { kind == .csv && header.isEmpty }
}

func emptyFile(_ file: SourceFile) -> Finding {
  Finding(
    .error, ExtractFinding.headerNotReadable.rawValue, at: Place(file: file.path),
    file.bytes == 0
      ? "the file is empty: it has no header" : "the file has no header: all its lines are empty or skipped",
    consequence: "nothing is published",
    remedy: "look whether the export or its transfer failed; where there are no rows, its header tells so")
}
