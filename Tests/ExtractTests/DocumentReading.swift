import Extract
import Model

/// A source whose mapping reads these fields, and nothing else is known of it.
func sourceOf(
  _ fields: [String], _ format: FileFormat = FileFormat(), optional: Set<String> = []
) -> SourceConfiguration {
  let mappings = fields.map { FieldMapping(.column($0), optional: optional.contains($0)) }
  let attributes = Dictionary(uniqueKeysWithValues: mappings.enumerated().map { ("a\(1000 + $0)", $1) })
  return SourceConfiguration(
    name: "it", system: "it", files: ["in"], format: format,
    entities: [
      .init(
        entity: .customer, rows: .currentState, fields: [:], attributes: attributes,
        place: Place(file: "Config/sources/it.yml"))
    ], place: Place(file: "Config/sources/it.yml"))
}

/// Everything a reader says about a JSON file, in plain values.
struct DocumentReading: Equatable {
  var file = SourceFile(path: "")
  var rows: [[String]] = []
  var lines: [Int] = []
  var pointers: [String] = []
  var bytes: [Int] = []
  var raws: [String] = []
  /// `2:7 json-syntax`, in one document `byte 7 wrong-field-kind`; then the pointer and the fields that were read.
  var malformed: [String] = []
  var reasons: [String] = []
  var findings: [Finding] = []

  var names: [String] { findings.map(\.name) }
  /// Whether the text was taken for JSON, whatever its records are worth.
  var isJSON: Bool {
    let syntax: Set<String> = [
      "json-syntax", "json-too-deep", "json-cut-off", "several-documents", "not-text", "row-too-long",
    ]
    return !names.contains(where: syntax.contains)
  }
}

func readDocuments(
  _ bytes: [UInt8], _ fields: [String] = [], _ format: FileFormat = FileFormat(), name: String = "in.json",
  blockSize: Int = 1 << 18, rowSize: Int = 1 << 24, optional: Set<String> = []
) -> DocumentReading {
  let folder = ScratchFolder()
  let path = folder.write(name, bytes)
  var limits = ReaderLimits()
  limits.blockSize = blockSize
  limits.rowSize = rowSize
  var reading = DocumentReading()
  let source = sourceOf(fields, format, optional: optional)
  switch openRecords(path: path, shownAs: name, of: source, limits: limits) {
  case .failure(let unreadable): reading.findings = [unreadable.finding]
  case .success(let reader):
    var batch = RecordBatch(width: 0)
    while reader.next(into: &batch) { reading.add(batch, format, reader.file.kind) }
    reading.file = reader.file
    reading.findings = reader.findings
  }
  return reading
}

func readDocuments(
  _ text: String, _ fields: [String] = [], _ format: FileFormat = FileFormat(), name: String = "in.json",
  blockSize: Int = 1 << 18, optional: Set<String> = []
) -> DocumentReading {
  readDocuments(Array(text.utf8), fields, format, name: name, blockSize: blockSize, optional: optional)
}

extension DocumentReading {
  mutating func add(_ batch: RecordBatch, _ format: FileFormat, _ kind: FileFormat.Kind) {
    for record in 0..<batch.count {
      let fields = batch.fields[record * batch.width..<(record + 1) * batch.width]
      rows.append(
        fields.map {
          String(decoding: batch.bytes[Int($0.offset)..<Int($0.offset) + Int($0.length)], as: UTF8.self)
        })
      lines.append(Int(batch.lines[record]))
      if let origin = batch.origins.isEmpty ? nil : batch.origins[record] {
        pointers.append(format.pointer(of: origin))
        bytes.append(origin.byte)
      }
      raws.append(batch.rawText(ofRecord: record))
    }
    for row in batch.malformed {
      let place = kind == .json ? "byte \(row.origin?.byte ?? -1)" : "\(row.line):\(row.column)"
      malformed.append(
        "\(place) \(row.name) \(row.pointer ?? "") [\((row.fields ?? []).joined(separator: "|"))]")
      reasons.append(row.reason)
    }
  }
}
