import Glibc
import Model

/// Takes the records of delimited pages: one text with one header, each record's bytes as they were sent.
final class DelimitedSink: RecordSink {
  private let shape: RecordShape
  private let format: FileFormat
  private let file: RecordFile
  var keys = SeenKeys()
  /// Names and delimiter of the first page.
  private var head: (names: [String], delimiter: String)?

  init(_ shape: RecordShape, _ format: FileFormat, into file: RecordFile) {
    self.shape = shape
    self.format = format
    self.file = file
  }

  func beginQuestion(isFurther: Bool) { keys.beginQuestion(isFurther: isFurther) }

  func take(_ page: ServicePage) throws(StreamFault) -> PageTally {
    guard case .delimited(let path) = page.content else {
      throw page.fault(.pageNotUnderstood, "is no delimited text")
    }
    defer { unlink(path) }
    var format = format
    // A page of one column, or without records, tells no delimiter.
    format.delimiter = format.delimiter ?? head?.delimiter
    switch DelimitedReader.open(path: path, shownAs: page.shownAs, format: format) {
    case .failure(let unreadable):
      throw page.fault(.pageNotUnderstood, "cannot be read: \(unreadable.finding.problem)")
    case .success(let reader): return try take(reader, page)
    }
  }

  private func take(_ reader: DelimitedReader, _ page: ServicePage) throws(StreamFault) -> PageTally {
    try check(reader.file, page)
    let columns = try Columns(shape, reader.file.header, page)
    var tally = PageTally()
    var hasher = Hasher()
    var batch = RecordBatch(width: 0)
    while reader.next(into: &batch) {
      if let bad = batch.malformed.first {
        throw page.fault(
          .pageNotUnderstood, "has on line \(bad.line) a record that cannot be read: \(bad.reason)")
      }
      for row in 0..<batch.count {
        let raw = batch.raws[row]
        var line = Array(batch.bytes[Int(raw.offset)..<Int(raw.offset + raw.length)])
        line.withUnsafeBytes { hasher.combine(bytes: $0) }
        line.append(0x0A)
        try take(line, row, batch, columns, page, &tally)
      }
    }
    if let finding = reader.findings.first(where: { $0.severity == .error }) {
      throw page.fault(.pageNotUnderstood, "cannot be read: \(finding.problem)")
    }
    tally.digest = UInt64(bitPattern: Int64(hasher.finalize()))
    return tally
  }

  private func take(
    _ line: [UInt8], _ row: Int, _ batch: RecordBatch, _ columns: Columns, _ page: ServicePage,
    _ tally: inout PageTally
  ) throws(StreamFault) {
    func text(_ column: Int?) -> String? {
      column.map { column in
        let field = batch.fields[row * batch.width + column]
        return String(
          decoding: batch.bytes[Int(field.offset)..<Int(field.offset + field.length)], as: UTF8.self)
      }
    }
    guard let key = text(columns.key), !key.isEmpty else {
      throw page.fault(
        .recordWithoutKey, "has on line \(batch.lines[row]) a record without `\(shape.key.text)`")
    }
    let digest = KeyDigest(key)
    tally.lastKey = (key, "\"\(RequestTemplate.escaped(key))\"")
    let times: RecordShape.Times
    do throws(RecordShape.UnreadableTime) {
      times = try shape.times(changed: text(columns.change), version: text(columns.version))
    } catch {
      throw page.fault(.pageNotUnderstood, error.problem)
    }
    tally.note(times.changed, keys.insert(digest.first, of: key))
    if let deletion = shape.deletion, let text = text(columns.deletion), deletion.values.contains(text) {
      try file.add(deleted: key, version: times.version)
    } else {
      try file.add(line, key: digest, version: times.version)
    }
  }

  /// Each page has the header again, and it has to be the same.
  private func check(_ file: SourceFile, _ page: ServicePage) throws(StreamFault) {
    if let head {
      guard head.names == file.header else {
        throw page.fault(.pageNotUnderstood, "has other columns than the pages before")
      }
      return
    }
    head = (file.header, file.delimiter)
    let quote = String(decoding: [format.quote], as: UTF8.self)
    let line = file.header.map { name in
      quote + name.replacing(quote, with: quote + quote) + quote
    }.joined(separator: file.delimiter)
    try self.file.write(head: Array((line + "\n").utf8))
  }
}

/// Where the columns stand that a read asks for.
private struct Columns {
  var key: Int
  var change: Int?
  var version: Int?
  var deletion: Int?

  init(_ shape: RecordShape, _ header: [String], _ page: ServicePage) throws(StreamFault) {
    guard let key = header.firstIndex(of: shape.key.text) else {
      throw page.fault(.recordWithoutKey, "has no column `\(shape.key.text)`")
    }
    self.key = key
    func column(_ steps: FieldSteps?) throws(StreamFault) -> Int? {
      guard let name = steps?.text else { return nil }
      guard let index = header.firstIndex(of: name) else {
        throw page.fault(.pageNotUnderstood, "has no column `\(name)`")
      }
      return index
    }
    change = try column(shape.change?.field)
    version = try column(shape.version)
    deletion = try column(shape.deletion?.field)
  }
}
