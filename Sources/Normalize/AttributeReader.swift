import Glibc
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
      var key = TextArena()
      var copy = name
      copy.withUTF8 { appendJSONText($0, to: &key) }
      key.add(0x3A)
      var bytes: [UInt8] = []
      key.move(to: &bytes)
      return bytes
    }
  }

  func fill(_ pass: ColumnPass, texts: inout TextArena, faults: inout [CellFault]) {
    var values = TextArena()
    let width = readers.count
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: pass.records.count * width) { cells in
      guard let first = cells.baseAddress else { return }
      first.initialize(repeating: EntityColumn.null, count: cells.count)
      let inner = ColumnPass(
        bytes: pass.bytes, fields: pass.fields, recordWidth: pass.recordWidth, records: pass.records,
        rows: first, rowWidth: width, entity: pass.entity)
      for reader in readers { reader.fill(inner, texts: &values, faults: &faults) }
      var recent: [RecentObject] = Array(repeating: RecentObject(), count: 64)
      for record in pass.records {
        let own = inner.row(record)
        // Equal texts that repeat have equal cells, so that objects repeat as their cells do.
        var hash: UInt64 = 0
        for index in 0..<width { hash = (hash ^ UInt64(bitPattern: own[index])) &* 0x9E37_79B9_7F4A_7C15 }
        let place = Int(hash &>> 58)
        if let earlier = recent[place].values, memcmp(earlier, own, width * 8) == 0 {
          pass.row(record)[target] = recent[place].cell
          continue
        }
        let cell = appendObject(own, values, to: &texts)
        pass.row(record)[target] = cell
        if cell == EntityColumn.null {
          faults.append(CellFault(record: record, entity: pass.entity, column: target, fault: .tooLong))
        } else {
          recent[place] = RecentObject(values: own, cell: cell)
        }
      }
    }
  }

  /// The object a row lately had, and the values it is made of.
  private struct RecentObject {
    var values: UnsafeMutablePointer<Int64>?
    var cell: Int64 = 0
  }

  /// The cell of the object; null when it is too long.
  private func appendObject(
    _ cells: UnsafeMutablePointer<Int64>, _ values: borrowing TextArena, to texts: inout TextArena
  ) -> Int64 {
    let (start, cell) = (texts.count, texts.newCell)
    texts.add(0x7B)
    var isFirst = true
    for (index, key) in keys.enumerated() where cells[index] != EntityColumn.null {
      if !isFirst { texts.add(0x2C) }
      isFirst = false
      key.withUnsafeBufferPointer { texts.add($0) }
      appendJSONText(values.bytes(cells[index]), to: &texts)
    }
    texts.add(0x7D)
    let length = texts.count - start
    guard length <= 0xFF_FFFF else {
      texts.truncate(to: start)
      return EntityColumn.null
    }
    return cell | Int64(length)
  }
}

/// The text in quotes, with `"`, `\` and control characters escaped (RFC 8259); everything else stays UTF-8.
func appendJSONText(_ text: FieldBytes, to output: inout TextArena) {
  output.add(0x22)
  for byte in text {
    switch byte {
    case 0x22, 0x5C:
      output.add(0x5C)
      output.add(byte)
    case 0x08: output.add(escape: 0x62)
    case 0x09: output.add(escape: 0x74)
    case 0x0A: output.add(escape: 0x6E)
    case 0x0C: output.add(escape: 0x66)
    case 0x0D: output.add(escape: 0x72)
    case 0..<0x20:
      output.add(escape: 0x75)
      output.add(0x30)
      output.add(0x30)
      for digit in [byte >> 4, byte & 15] { output.add(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    default: output.add(byte)
    }
  }
  output.add(0x22)
}

extension TextArena {
  fileprivate mutating func add(escape letter: UInt8) {
    add(0x5C)
    add(letter)
  }
}
