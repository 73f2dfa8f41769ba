import Model

/// A customer's free attributes as one JSON object of texts: keys sorted by their bytes, missing ones left
/// out.
struct AttributeReader: Sendable {
  let readers: [FieldReader]
  /// `"industry":`, escaped.
  private let keys: [[UInt8]]
  private let target: Int

  /// The readers' targets are their positions; `names` are ascending.
  init(names: [String], readers: [FieldReader], target: Int) {
    self.readers = readers
    self.target = target
    keys = names.map { name in
      var key: [UInt8] = []
      var copy = name
      copy.withUTF8 { appendJSONText($0, to: &key) }
      key.append(0x3A)
      return key
    }
  }

  func fill(_ pass: ColumnPass, texts: inout [UInt8], faults: inout [CellFault]) {
    var values: [UInt8] = []
    let width = readers.count
    var cells = [Int64](repeating: EntityColumn.null, count: pass.records.count * width)
    cells.withUnsafeMutableBufferPointer { cells in
      guard let base = cells.baseAddress else { return }
      let inner = ColumnPass(
        bytes: pass.bytes, fields: pass.fields, recordWidth: pass.recordWidth, records: pass.records,
        rows: base,
        rowWidth: width, entity: pass.entity)
      for reader in readers { reader.fill(inner, texts: &values, faults: &faults) }
    }
    var row = pass.rows + target
    for (index, record) in pass.records.enumerated() {
      defer { row += pass.rowWidth }
      let start = texts.count
      appendObject(cells[index * width..<(index + 1) * width], values, to: &texts)
      guard texts.count - start <= 0xFF_FFFF else {
        texts.removeLast(texts.count - start)
        faults.append(CellFault(record: record, entity: pass.entity, column: target, fault: .tooLong))
        continue
      }
      row.pointee = Int64(start) << 24 | Int64(texts.count - start)
    }
  }

  private func appendObject(_ cells: ArraySlice<Int64>, _ values: [UInt8], to texts: inout [UInt8]) {
    texts.append(0x7B)
    var isFirst = true
    for (key, cell) in zip(keys, cells) where cell != EntityColumn.null {
      if !isFirst { texts.append(0x2C) }
      isFirst = false
      texts.append(contentsOf: key)
      values[EntityBatch.range(ofText: cell)].withUnsafeBufferPointer { appendJSONText($0, to: &texts) }
    }
    texts.append(0x7D)
  }
}

/// The text in quotes, with `"`, `\` and control characters escaped (RFC 8259); everything else stays UTF-8.
func appendJSONText(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
  output.append(0x22)
  for byte in text {
    switch byte {
    case 0x22, 0x5C: output.append(contentsOf: [0x5C, byte])
    case 0x08: output.append(contentsOf: "\\b".utf8)
    case 0x09: output.append(contentsOf: "\\t".utf8)
    case 0x0A: output.append(contentsOf: "\\n".utf8)
    case 0x0C: output.append(contentsOf: "\\f".utf8)
    case 0x0D: output.append(contentsOf: "\\r".utf8)
    case 0..<0x20:
      output.append(contentsOf: "\\u00".utf8)
      for digit in [byte >> 4, byte & 15] { output.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    default: output.append(byte)
    }
  }
  output.append(0x22)
}
