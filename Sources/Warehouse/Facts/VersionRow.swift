import Model

/// A version as a statement stands at it, or as it was kept; valid until the next one.
struct VersionRow: RowFields {
  // Whoever steps through the rows holds it: rows are millions, and each would be counted.
  private unowned(unsafe) let statement: RawStatement?
  private let kept: KeptVersions.Cells

  init(_ statement: RawStatement) {
    self.statement = statement
    kept = KeptVersions.Cells(values: nil, kinds: nil, texts: nil)
  }

  init(_ kept: KeptVersions.Cells) {
    statement = nil
    self.kept = kept
  }

  @inline(__always) func isNull(_ column: Int32) -> Bool {
    if let statement { return statement.isNull(column) }
    return kept.kind(column) == .null
  }

  @inline(__always) func integer(_ column: Int32) -> Int64 {
    if let statement { return statement.integer(column) }
    return kept.kind(column) == .integer ? kept.value(column) : 0
  }

  @inline(__always) func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    if let statement { return statement.bytes(column) }
    return kept.kind(column) == .text ? kept.text(column) : UnsafeBufferPointer(start: nil, count: 0)
  }
}

/// Versions of one entity as they were read: those of a part of the book are made use of before the change and after it.
final class KeptVersions {
  /// The columns behind those that every version is read with.
  let columns: [String]
  private let width: Int
  private var values: [Int64] = []
  private var kinds: [Kind] = []
  private var texts: [UInt8] = []

  enum Kind: UInt8 { case null, integer, text }

  /// Where the values of one version lie in memory.
  struct Cells {
    fileprivate let values: UnsafePointer<Int64>?
    fileprivate let kinds: UnsafePointer<Kind>?
    fileprivate let texts: UnsafePointer<UInt8>?

    @inline(__always) fileprivate func kind(_ column: Int32) -> Kind { kinds?[Int(column)] ?? .null }
    @inline(__always) fileprivate func value(_ column: Int32) -> Int64 { values?[Int(column)] ?? 0 }

    @inline(__always) fileprivate func text(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
      let value = value(column)
      return UnsafeBufferPointer(
        start: texts.map { $0 + Int(value >> 32) }, count: Int(UInt32(truncatingIfNeeded: value)))
    }
  }

  init(columns: [String]) {
    self.columns = columns
    width = columns.count + VersionReader.leading
  }

  /// Keeps the version a statement stands at.
  func keep(_ row: RawStatement) {
    for column in 0..<Int32(width) {
      if row.isNull(column) {
        kinds.append(.null)
        values.append(0)
      } else if row.isText(column) {
        let text = row.bytes(column)
        kinds.append(.text)
        values.append(Int64(texts.count) << 32 | Int64(text.count))
        texts.append(contentsOf: text)
      } else {
        kinds.append(.integer)
        values.append(row.integer(column))
      }
    }
  }

  func forEach(_ body: (VersionRow) throws -> Void) rethrows {
    try forEach(Array(0..<Int32(values.count / width)), body)
  }

  /// Hands out versions by their numbers: 0 is the one kept first.
  func forEach(_ numbers: [Int32], _ body: (VersionRow) throws -> Void) rethrows {
    try values.withUnsafeBufferPointer { values in
      try kinds.withUnsafeBufferPointer { kinds in
        try texts.withUnsafeBufferPointer { texts in
          for number in numbers {
            let start = Int(number) * width
            try body(
              VersionRow(
                Cells(
                  values: values.baseAddress.map { $0 + start }, kinds: kinds.baseAddress.map { $0 + start },
                  texts: texts.baseAddress)))
          }
        }
      }
    }
  }

  /// The numbers of all versions: those of one identity follow each other, those of one source in the order of time.
  func inOrder() -> [Int32] {
    var entries: [(identity: Int64, source: Int64, from: String, number: Int32)] = []
    entries.reserveCapacity(values.count / width)
    forEach { row in
      entries.append((row.integer(1), row.integer(2), row.optionalText(3) ?? "", Int32(entries.count)))
    }
    entries.sort { ($0.identity, $0.source, $0.from) < ($1.identity, $1.source, $1.from) }
    return entries.map(\.number)
  }

  /// The identity of a version by its number.
  @inline(__always) func identity(of number: Int32) -> Int64 { values[Int(number) * width + 1] }
}
