import Model

/// The fields of documents as rows: one for each document, or for each element of the array `each` names.
final class FieldRows {
  private static let missing = RecordBatch.Field(offset: 0, length: 0, quoted: false)

  private let tree: FieldTree
  private let width: Int
  /// As many fields each as there are columns.
  private(set) var fields: UnsafeMutablePointer<RecordBatch.Field>
  private var capacity = 256
  /// Rows of this batch so far; behind a pointer, so that access to it is not checked at every field.
  private let rowCount: UnsafeMutablePointer<Int>
  /// Fields of the document itself; copied into each of its records.
  private let shared: UnsafeMutablePointer<RecordBatch.Field>
  private let sharedColumns: [Int]
  private var sharedEscapes: [(column: Int, offset: Int)] = []
  /// First row of the last document.
  private(set) var firstRow = 0
  /// Fields written anew, and where each stood.
  private(set) var copies: [UInt8] = []
  private(set) var escapes: [RecordBatch.Escape] = []
  private var text: UnsafePointer<UInt8>

  init(_ tree: FieldTree) {
    self.tree = tree
    width = tree.width
    fields = .allocate(capacity: capacity * max(width, 1))
    shared = .allocate(capacity: max(width, 1))
    sharedColumns = tree.sharedColumns
    rowCount = .allocate(capacity: 1)
    rowCount.initialize(to: 0)
    text = UnsafePointer(UnsafeRawPointer(shared).assumingMemoryBound(to: UInt8.self))
  }

  deinit {
    fields.deallocate()
    shared.deallocate()
    rowCount.deallocate()
  }

  var count: Int { rowCount.pointee }

  func begin(_ text: UnsafePointer<UInt8>) {
    self.text = text
    rowCount.pointee = 0
    copies.removeAll(keepingCapacity: true)
    escapes.removeAll(keepingCapacity: true)
  }

  func beginDocument() {
    firstRow = count
    if !sharedEscapes.isEmpty { sharedEscapes.removeAll(keepingCapacity: true) }
    shared.initialize(repeating: Self.missing, count: width)
  }

  /// Begins a row of missing fields.
  func open() {
    if count == capacity {
      let larger = UnsafeMutablePointer<RecordBatch.Field>.allocate(capacity: 2 * capacity * max(width, 1))
      larger.update(from: fields, count: capacity * width)
      fields.deallocate()
      fields = larger
      capacity *= 2
    }
    (fields + count &* width).initialize(repeating: Self.missing, count: width)
  }

  /// Completes the row that was begun last.
  @inline(__always) func close() { rowCount.pointee &+= 1 }

  /// Completes the document's rows with its own fields.
  func endDocument() {
    if !tree.hasEach {
      open()
      close()
    }
    for row in firstRow..<count {
      let fields = self.fields + row &* width
      if tree.hasEach {
        for column in sharedColumns { fields[column] = shared[column] }
      } else {
        fields.update(from: shared, count: width)
      }
      for escape in sharedEscapes {
        escapes.append(
          RecordBatch.Escape(field: row &* width &+ escape.column, offset: UInt32(escape.offset)))
      }
    }
  }

  /// Takes the rows of the last document back.
  func dropDocument() {
    rowCount.pointee = firstRow
    escapes.removeAll { $0.field >= firstRow * width }
  }

  /// Takes one row of the last document back.
  func drop(row: Int) {
    for index in row..<(count - 1) {
      (fields + index * width).update(from: fields + (index + 1) * width, count: width)
    }
    rowCount.pointee -= 1
    escapes = escapes.compactMap { escape in
      guard escape.field / width != row else { return nil }
      return escape.field / width < row
        ? escape : RecordBatch.Escape(field: escape.field - width, offset: escape.offset)
    }
  }

  /// Takes a field that is a slice of the text.
  @inline(__always)
  func put(_ field: RecordBatch.Field, _ node: Int) {
    let row = tree.nodes[node].isInElement ? fields + count &* width : shared
    var column = tree.nodes[node].column
    while column >= 0 {
      row[column] = field
      column = tree.sameField[column]
    }
  }

  /// Takes a string without its escapes; returns what it holds that no text may.
  func putUnescaped(
    _ start: Int, _ length: Int, _ node: Int
  ) -> (fault: StringEscapes.Fault, at: Int)? {
    let first = copies.count
    let raw = UnsafeBufferPointer(start: text + start, count: length)
    if let found = StringEscapes.append(raw, to: &copies) {
      copies.removeLast(copies.count - first)
      return (found.fault, start + found.at)
    }
    putCopy(from: first, of: start, node, quoted: true)
    return nil
  }

  /// Takes a number that is not as the mapping reads numbers: with an exponent, or under a decimal comma.
  func putNumber(_ start: Int, _ end: Int, hasExponent: Bool, decimalMark: UInt8, _ node: Int) {
    let first = copies.count
    let raw = UnsafeBufferPointer(start: text + start, count: end - start)
    if !hasExponent || !PlainNumber.append(raw, to: &copies) { copies.append(contentsOf: raw) }
    for index in first..<copies.count where copies[index] == 0x2E { copies[index] = decimalMark }
    putCopy(from: first, of: start, node, quoted: false)
  }

  private func putCopy(from first: Int, of start: Int, _ node: Int, quoted: Bool) {
    put(RecordBatch.Field(offset: UInt32(first), length: UInt32(copies.count - first), quoted: quoted), node)
    var column = tree.nodes[node].column
    while column >= 0 {
      if tree.nodes[node].isInElement {
        escapes.append(RecordBatch.Escape(field: count * width + column, offset: UInt32(start)))
      } else {
        sharedEscapes.append((column, start))
      }
      column = tree.sameField[column]
    }
  }

  /// A row's fields as texts.
  func texts(ofRow row: Int) -> [String] {
    (0..<width).map { column in
      let index = row * width + column
      let field = fields[index]
      let start = Int(field.offset)
      if escapes.contains(where: { $0.field == index }) {
        return String(decoding: copies[start..<start + Int(field.length)], as: UTF8.self)
      }
      return String(
        decoding: UnsafeBufferPointer(start: text + start, count: Int(field.length)), as: UTF8.self)
    }
  }

  /// The last document's own fields as texts.
  var sharedTexts: [String] {
    (0..<width).map { column in
      let start = Int(shared[column].offset)
      let length = Int(shared[column].length)
      if sharedEscapes.contains(where: { $0.column == column }) {
        return String(decoding: copies[start..<start + length], as: UTF8.self)
      }
      return String(decoding: UnsafeBufferPointer(start: text + start, count: length), as: UTF8.self)
    }
  }
}
