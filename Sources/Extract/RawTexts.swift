import Model

extension DelimitedReader {
  /// The raw texts of the records that begin on the given lines of a file that has been read before.
  ///
  /// - Parameter file: What was found out about it then: where its bytes are others now, a finding of severity error
  ///   says so and there are no texts.
  public static func rawTexts(
    ofLines lines: Set<Int32>, in file: SourceFile, at path: String, format: FileFormat
  ) -> (texts: [Int32: String], findings: [Finding]) {
    switch open(path: path, shownAs: file.path, format: format) {
    case .failure(let unreadable): return ([:], [unreadable.finding])
    case .success(let reader):
      guard reader.file.digest == file.digest else { return ([:], [fileChanged(file.path)]) }
      var texts: [Int32: String] = [:]
      var batch = RecordBatch(width: 0)
      while texts.count < lines.count, reader.next(into: &batch) {
        for (record, line) in batch.lines.enumerated() where lines.contains(line) {
          texts[line] = batch.rawText(ofRecord: record)
        }
      }
      return (texts, texts.count < lines.count ? reader.findings.filter { $0.severity == .error } : [])
    }
  }

  static func fileChanged(_ path: String) -> Finding {
    ReadFault(
      name: .fileChanged, problem: "the file was written to while it was read",
      remedy: "let the export finish first, then run again"
    ).finding(file: path)
  }
}
