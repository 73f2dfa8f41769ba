import Model

/// A JSON file whose questions are answered: how its bytes are text, and how its text is documents.
struct DocumentInput {
  let disk: FileBytes
  let source: TextSource
  let kind: FileFormat.Kind
  let file: SourceFile
  let markLength: Int
  private let digest = FileDigest()

  /// nil when the file's first bytes show it to be delimited text.
  init?(
    path: String, shownAs: String, _ format: FileFormat, _ hint: DocumentKind, _ limits: ReaderLimits
  ) throws(ReadFault) {
    let disk = try FileBytes(path: path)
    let (stream, compression) = try OpenedFile.stream(of: disk, limits.bounded(by: format))
    let head = try Self.head(of: stream)
    try stream.rewind()
    let encoding = TextEncoding(ofJSON: head, declared: format.encoding)
    let isShort = head.count < FileInspection.headSize
    let text = encoding.form == .utf8 ? Array(head.dropFirst(encoding.markLength)) : []
    guard let kind = hint.settled(text, isAll: isShort) else { return nil }
    disk.digest = digest
    self.disk = disk
    self.kind = kind
    markLength = encoding.markLength
    source = TextSource(stream, encoding)
    file = SourceFile(
      path: shownAs, bytes: disk.size, encoding: encoding.form.rawValue,
      encodingDecision: encoding.decision.rawValue, delimiter: "",
      compression: compression, kind: kind)
  }

  private static func head(of stream: any ByteStream) throws(ReadFault) -> [UInt8] {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: FileInspection.headSize, alignment: 16)
    defer { block.deallocate() }
    var filled = 0
    while filled < block.count {
      let count = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: block[filled...]))
      if count == 0 { break }
      filled += count
    }
    return Array(block[..<filled])
  }

  /// The digest of the whole file, whatever of it was read so far; to be asked once.
  func digestToEnd() -> String {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { block.deallocate() }
    while let count = try? disk.read(into: block), count > 0 {}
    disk.digest = nil
    return digest.finish()
  }
}

extension TextEncoding {
  /// JSON is UTF-8, unless a mark or the configuration says otherwise; nothing is guessed.
  fileprivate init(ofJSON head: [UInt8], declared: FileFormat.Encoding?) {
    let marks: [(mark: [UInt8], form: Form)] = [
      ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16le), ([0xFE, 0xFF], .utf16be),
    ]
    if let found = marks.first(where: { head.starts(with: $0.mark) }) {
      self.init(form: found.form, decision: .bom, markLength: found.mark.count)
    } else if let declared {
      let form: Form =
        switch declared {
        case .utf8: .utf8
        case .utf16, .utf16le: .utf16le
        case .utf16be: .utf16be
        case .latin1: .latin1
        }
      self.init(form: form, decision: .declared)
    } else {
      self.init(form: .utf8, decision: .detected)
    }
  }
}
