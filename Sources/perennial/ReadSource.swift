import Extract
import Model
import Normalize

/// Extracts and normalizes everything one source has to say: all its files, every bad row in quarantine.
///
/// - Parameters:
///   - folder: The project's folder, which paths are relative to.
///   - progress: Called now and then with the records and bytes read so far.
func readSource(
  _ source: SourceConfiguration, in folder: String, asOf: Moment,
  progress: (_ records: Int, _ bytes: Int) -> Void = { _, _ in }
) -> SourceRead {
  var assembler = SourceAssembler(source: source, asOf: asOf)
  let (paths, searchFindings) = matchingFiles(source.files, in: folder, at: source.place)
  assembler.add(findings: searchFindings)
  var records = 0
  var bytes = 0
  func location(_ path: String) -> String {
    path.hasPrefix("/") || folder == "." ? path : folder + "/" + path
  }
  for path in paths {
    switch openRecords(path: location(path), shownAs: path, of: source) {
    case .failure(let unreadable): assembler.add(findings: [unreadable.finding], file: SourceFile(path: path))
    case .success(let reader):
      let (compiled, findings) = RowMapper.compile(source: source, file: reader.file)
      guard var mapper = compiled else {
        assembler.add(findings: reader.findings + findings, file: reader.file)
        continue
      }
      var batch = RecordBatch(width: 0)
      while reader.next(into: &batch) {
        mapper.map(batch)
        records += batch.count
        progress(records, bytes)
      }
      bytes += reader.file.bytes
      progress(records, bytes)
      // The mapper's own findings travel with it; `findings` are those of compiling, which it holds too.
      assembler.add(mapper, file: reader.file, findings: reader.findings)
    }
  }
  return assembler.finish { file, lines in
    rawRecords(ofLines: lines, in: file, at: location(file.path), of: source)
  }
}
