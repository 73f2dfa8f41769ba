import Model

@testable import Normalize

/// Splits text into records as Extract would: quotes, doubled quotes, line breaks in quotes; rows of another
/// width are malformed.
func recordBatches(_ text: String, delimiter: String = ",", batchSize: Int = 7) -> (
  header: [String], batches: [RecordBatch]
) {
  var rows: [(fields: [(text: String, quoted: Bool)], raw: String, line: Int)] = []
  var fields: [(text: String, quoted: Bool)] = []
  var field = ""
  var raw = ""
  var isQuoted = false
  var wasQuoted = false
  var line = 1
  var firstLine = 1
  let characters = Array(text.unicodeScalars.map(Character.init))
  var index = 0
  func endRow() {
    fields.append((field, wasQuoted))
    if fields.count > 1 || !field.isEmpty || wasQuoted { rows.append((fields, raw, firstLine)) }
    (fields, field, raw, wasQuoted) = ([], "", "", false)
  }
  while index < characters.count {
    let character = characters[index]
    if character == "\n" { line += 1 }
    if isQuoted {
      raw.append(character)
      if character == "\"", index + 1 < characters.count, characters[index + 1] == "\"" {
        field.append("\"")
        raw.append("\"")
        index += 1
      } else if character == "\"" {
        isQuoted = false
      } else {
        field.append(character)
      }
    } else if character == "\n" {
      endRow()
      firstLine = line
    } else {
      raw.append(character)
      if character == "\"" {
        isQuoted = true
        wasQuoted = true
      } else if String(character) == delimiter {
        fields.append((field, wasQuoted))
        (field, wasQuoted) = ("", false)
      } else {
        field.append(character)
      }
    }
    index += 1
  }
  if !raw.isEmpty || !fields.isEmpty { endRow() }
  let header = rows.first?.fields.map(\.text) ?? []
  var batches: [RecordBatch] = []
  var batch = RecordBatch(width: header.count)
  for row in rows.dropFirst() {
    if row.fields.count == header.count {
      append(row.fields, raw: row.raw, line: row.line, to: &batch)
    } else {
      batch.malformed.append(
        .init(
          line: row.line, column: 1, name: "short-row",
          reason: "the row has \(row.fields.count) fields, the header \(header.count)", raw: row.raw))
    }
    if batch.count == batchSize {
      batches.append(batch)
      batch = RecordBatch(width: header.count)
    }
  }
  batches.append(batch)
  return (header, batches)
}

/// Fields without escapes are slices of the raw text, the others copies behind it.
private func append(
  _ fields: [(text: String, quoted: Bool)], raw: String, line: Int, to batch: inout RecordBatch
) {
  let start = batch.bytes.count
  batch.bytes += Array(raw.utf8)
  batch.raws.append(.init(offset: UInt32(start), length: UInt32(raw.utf8.count), quoted: false))
  batch.lines.append(Int32(line))
  var search = start
  for field in fields {
    let text = Array(field.text.utf8)
    if field.quoted { search += 1 }
    if Array(batch.bytes[search...].prefix(text.count)) == text, !text.contains(0x22) {
      batch.fields.append(.init(offset: UInt32(search), length: UInt32(text.count), quoted: field.quoted))
      search += text.count + (field.quoted ? 1 : 0) + 1
    } else {
      batch.fields.append(
        .init(offset: UInt32(batch.bytes.count), length: UInt32(text.count), quoted: field.quoted))
      batch.bytes += text
      search += text.count + text.count { $0 == 0x22 } + 2
    }
  }
}

extension FieldMapping {
  static func column(
    _ name: String, date: DateFormat = .iso, bound: Bound? = nil, unit: Unit = .major,
    map: [String: String]? = nil,
    otherwise: String? = nil, defaultValue: String? = nil, missing: [String] = []
  ) -> FieldMapping {
    FieldMapping(
      .column(name), date: date, bound: bound, unit: unit, map: map, otherwise: otherwise,
      defaultValue: defaultValue,
      missing: missing, place: Place(file: "Config/sources/test.yml", line: 9, column: 5))
  }
  static func constant(_ text: String) -> FieldMapping { FieldMapping(.constant(text)) }
  static func template(_ text: String) -> FieldMapping { FieldMapping(.template(text)) }
}

func source(
  _ entity: EntityKind, _ fields: [String: FieldMapping], attributes: [String: FieldMapping] = [:],
  rows: SourceConfiguration.Rows = .periods, format: FileFormat = FileFormat(),
  dataThrough: SourceConfiguration.DataThrough = .asOf, extent: SourceConfiguration.Extent = .full,
  share: Int64 = 10_000
) -> SourceConfiguration {
  source(
    [
      .init(
        entity: entity, rows: rows, fields: fields, attributes: attributes,
        place: Place(file: "Config/sources/test.yml", line: 3))
    ],
    format: format, dataThrough: dataThrough, extent: extent, share: share)
}

func source(
  _ entities: [SourceConfiguration.EntityMapping], format: FileFormat = FileFormat(),
  dataThrough: SourceConfiguration.DataThrough = .asOf, extent: SourceConfiguration.Extent = .full,
  share: Int64 = 10_000
) -> SourceConfiguration {
  SourceConfiguration(
    name: "test", system: "test", files: ["*.csv"], format: format, extent: extent, dataThrough: dataThrough,
    entities: entities, maximumQuarantineShare: share, place: Place(file: "Config/sources/test.yml", line: 1))
}

/// A periods mapping with every column of its own name.
let periodFields: [String: FieldMapping] = [
  "id": .column("id"), "customer": .column("customer"), "start": .column("start"),
  "end": .column("end", bound: .exclusive), "amount": .column("amount"), "currency": .column("currency"),
  "interval_unit": .constant("month"),
]
let periodHeader = "id,customer,start,end,amount,currency\n"

let asOf = Moment(iso: "2024-06-30")!

/// Maps files in the given order and puts them together.
func read(
  _ source: SourceConfiguration, _ files: [(path: String, text: String)], batchSize: Int = 7,
  shelf: BatchShelf? = nil
) -> SourceRead {
  var assembler = SourceAssembler(source: source, asOf: asOf)
  var batchesByPath: [String: [RecordBatch]] = [:]
  for (path, text) in files {
    let delimiter = source.format.delimiter ?? ","
    let (header, batches) = recordBatches(text, delimiter: delimiter, batchSize: batchSize)
    // Any digest will do: equal for equal texts, and for no others.
    let file = SourceFile(path: path, digest: text, delimiter: delimiter, header: header)
    let (mapper, findings) = RowMapper.compile(source: source, file: file)
    guard var mapper else {
      assembler.add(findings: findings, file: file)
      continue
    }
    mapper.shelf = shelf
    for batch in batches { mapper.map(batch) }
    batchesByPath[path] = batches
    assembler.add(mapper, file: file)
  }
  return try! assembler.finish { file, lines in
    var records: [Int32: RawRecord] = [:]
    for batch in batchesByPath[file.path, default: []] {
      for (record, line) in batch.lines.enumerated() where lines.contains(line) {
        records[line] = RawRecord(text: batch.rawText(ofRecord: record))
      }
    }
    return (records, [])
  }
}

func read(_ source: SourceConfiguration, _ text: String) -> SourceRead {
  read(source, [("exports/a.csv", text)])
}

extension EntityBatch {
  /// A cell in words: text as it is, a moment as ISO, numbers in their own units.
  func shown(_ row: Int, _ column: String) -> String? {
    let index = kind.index(of: column)!
    let cell = self[row, index]
    if cell == EntityColumn.null { return nil }
    switch kind.columns[index].kind {
    case .text: return text(cell)
    case .moment: return Moment(packed: cell).description
    case .choice(let names): return names[Int(cell)]
    default: return String(cell)
    }
  }

  /// Every row as one line of text.
  var shownRows: [String] {
    (0..<count).map { row in kind.columns.map { shown(row, $0.name) ?? "-" }.joined(separator: "|") }
  }
}

extension SourceRead.Part {
  var batch: EntityBatch { try! rows() }
}

extension SourceRead {
  /// All values of one column, in the order of the rows.
  func values(_ column: String) -> [String?] {
    parts.flatMap { part in
      part.batch.kind.index(of: column) == nil
        ? [] : (0..<part.batch.count).map { part.batch.shown($0, column) }
    }
  }
  var rowSet: [String] { parts.flatMap { $0.batch.shownRows }.sorted() }
}

/// Reads one text as one column of a row would be.
func money(
  _ text: String, currency: String = "USD", unit: FieldMapping.Unit = .major,
  format: FileFormat = FileFormat(), system: String = "books", preset: String? = nil
)
  -> (value: Int64?, fault: String?)
{
  var source = source(
    .opportunity,
    [
      "id": .constant("1"), "status": .constant("open"), "amount": .column("amount", unit: unit),
      "currency": .column("currency"),
    ], format: format)
  source.system = system
  source.preset = preset
  let quoted =
    "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  let result = read(source, "amount,currency\n\(quoted),\(currency)\n")
  return (result.values("amount").first?.flatMap { Int64($0) }, result.quarantined.first?.name)
}
