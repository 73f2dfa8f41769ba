extension FileFormat {
  /// The JSON pointer of a record, or of a field of it, within the file's document or the line's.
  ///
  /// Where `each` makes several records of a document, a field that they share has the pointer of the record: places tell
  /// records apart.
  public func pointer(to path: FieldPath? = nil, of origin: RecordBatch.Origin) -> String {
    let document = origin.index.map { (records?.pointer ?? "") + "/\($0)" } ?? ""
    guard let each, let element = origin.element else { return document + (path?.pointer ?? "") }
    let inner = path.flatMap { each.contains($0) ? $0.names.dropFirst(each.names.count) : nil } ?? []
    let rest = FieldPath(names: Array(inner))
    return document + each.pointer + "/\(element)" + rest.pointer
  }

  /// The place of a record of which only what ``RecordBatch/lines`` has is left.
  public func place(ofLine line: Int32, in file: SourceFile, byte: Int? = nil) -> Place {
    switch file.kind {
    case .csv, .ndjson: return Place(file: file.path, line: Int(line))
    case .json:
      let index = line > 0 ? Int(line) - 1 : nil
      return Place(
        file: file.path, byte: byte, pointer: pointer(of: RecordBatch.Origin(byte: byte ?? 0, index: index)))
    }
  }
}
