import Model

/// A file whose questions are answered: how its bytes are text and how its text is fields.
struct OpenedFile {
  var disk: FileBytes
  var source: TextSource
  var dialect: Dialect
  var file: SourceFile
  var findings: [Finding] = []
  /// Some of its rows may not be text, or may hold NUL.
  var isSuspect: Bool

  init(path: String, shownAs: String, _ format: FileFormat, _ limits: ReaderLimits) throws(ReadFault) {
    disk = try FileBytes(path: path)
    let (stream, compression) = try Self.stream(of: disk, limits.bounded(by: format))
    let inspection = try FileInspection(stream, on: disk)
    let encoding = TextEncoding(declared: format.encoding, inspection: inspection)
    switch encoding.form {
    case .utf8: isSuspect = !inspection.isUTF8 || inspection.hasNul
    case .latin1: isSuspect = inspection.hasNul
    case .utf16le, .utf16be: isSuspect = true
    }
    let sample = Self.sample(inspection, encoding, skipLines: format.skipLines)
    let declared = Self.separates(format.delimiter) ? format.delimiter : nil
    let detection = declared == nil ? DelimiterDetection(sample, isAll: inspection.headIsAll, format) : nil
    let delimiter = declared ?? detection?.delimiter ?? ","
    dialect = Dialect(format, delimiter: delimiter)
    source = TextSource(stream, encoding)
    file = SourceFile(
      path: shownAs, bytes: disk.size, digest: inspection.digest, encoding: encoding.form.rawValue,
      encodingDecision: encoding.decision.rawValue, delimiter: delimiter,
      compression: compression)
    let place = Place(file: shownAs)
    findings += encoding.findings(declared: format.encoding, place)
    if format.delimiter != declared {
      findings.append(
        Finding(
          .warning, .impossibleFormat, at: place,
          "the declared delimiter holds a line break, which ends rows",
          consequence: "`\(delimiter)` is detected and separates the fields",
          remedy: "write `delimiter: \"\(delimiter)\"`, or leave `delimiter` out"))
    }
    if let detection, !detection.isCertain {
      findings.append(
        Finding(
          .note, .oneColumn, at: place, "none of `,` `;` tab `|` separates fields in this file",
          consequence: "it is read as one column",
          remedy: "if another character does, declare `delimiter` in `format`"))
    }
    if format.header, format.columns != nil {
      findings.append(
        Finding(
          .warning, .columnsIgnored, at: place, "`columns` is declared, and the file has a header",
          consequence: "the names in the file count", remedy: "remove `columns`, or write `header: false`"))
    }
  }

  /// Whether fields can stand apart by it on one line.
  private static func separates(_ delimiter: String?) -> Bool {
    delimiter?.utf8.contains { $0 == 0x0A || $0 == 0x0D } != true
  }

  /// The file's bytes, unpacked where they are compressed; what is no text for sure is refused.
  static func stream(of disk: FileBytes, _ limits: ReaderLimits) throws(ReadFault) -> (
    stream: any ByteStream, compression: String
  ) {
    let (stream, compression) = try decompressed(disk, limits)
    try refuseWhatIsNoText(stream)
    return (stream, compression)
  }

  /// Refuses what is no text for sure, by its first bytes.
  private static func refuseWhatIsNoText(_ stream: any ByteStream) throws(ReadFault) {
    let head = try firstBytes(of: stream)
    let formats: [(start: [UInt8], name: String, remedy: String)] = [
      (
        [0x50, 0x4B, 0x03, 0x04], "a ZIP archive or an Excel workbook", "unpack it, or save the sheet as CSV"
      ),
      ([0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook", "save the sheet as CSV"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz", "unpack it, or compress it with gzip or zstd"),
      (
        [0x42, 0x5A, 0x68, 0x39, 0x31, 0x41], "compressed with bzip2",
        "unpack it, or compress it with gzip or zstd"
      ),
      ([0x25, 0x50, 0x44, 0x46, 0x2D], "a PDF document", "export the data as CSV"),
      ([0xFF, 0xFE, 0, 0], "in UTF-32", "export it in UTF-8"),
      ([0x50, 0x41, 0x52, 0x31], "a Parquet file", "export the data as CSV"),
    ]
    for format in formats where head.starts(with: format.start) {
      throw ReadFault(name: .notTextFile, problem: "the file is \(format.name)", remedy: format.remedy)
    }
  }

  private static func sample(_ inspection: FileInspection, _ encoding: TextEncoding, skipLines: Int)
    -> [UInt8]
  {
    var converter = TextConverter(encoding.form)
    var sample: [UInt8] = []
    inspection.head.dropFirst(encoding.markLength).withUnsafeBytes { converter.convert($0, into: &sample) }
    for _ in 0..<max(skipLines, 0) {
      guard let end = LineSkipping.endOfLine(in: sample, isLast: true) else { return [] }
      sample.removeFirst(end)
    }
    return sample
  }
}

extension TextEncoding {
  fileprivate func findings(declared: FileFormat.Encoding?, _ place: Place) -> [Finding] {
    switch (decision, form) {
    case (.detected, .latin1):
      [
        Finding(
          .note, .encodingDetected, at: place, "the file is not UTF-8",
          consequence: "it is read as Latin-1 (Windows-1252)",
          remedy: "confirm with `encoding: latin-1` in `format`, or export it in UTF-8")
      ]
    case (.detected, .utf16le), (.detected, .utf16be):
      [
        Finding(
          .note, .encodingDetected, at: place, "the file has no byte order mark and looks like UTF-16",
          consequence: "it is read as \(form.rawValue)",
          remedy: "confirm with `encoding: \(form.rawValue)` in `format`")
      ]
    case (.bom, _):
      if let declared, declared.rawValue != form.rawValue, !(declared == .utf16 && form != .utf8) {
        [
          Finding(
            .warning, .encodingContradicted, at: place,
            "the file's byte order mark says \(form.rawValue), the configuration \(declared.rawValue)",
            consequence: "it is read as \(form.rawValue)", remedy: "write `encoding: \(form.rawValue)`")
        ]
      } else {
        []
      }
    default: []
    }
  }
}
