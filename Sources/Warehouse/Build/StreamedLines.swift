import Model

extension StreamedRows {
  /// As many rows are handed out at a time: what they refer to lies far apart, and where it is looked up for all of them before anything
  /// else is done, the processor waits for many at a time.
  private static let blockSize = 64

  /// Hands out the rows as a statement would that selects `columns` of the table they were written to; for rows whose choices are
  /// those of their columns.
  ///
  /// What was just written need not be read back from the table's pages, which takes five times as long.
  func forEachBlock(of columns: [String], _ body: ([StreamedRow]) throws -> Void) throws {
    let fields = fields(columns)
    var block: [StreamedRow] = []
    try fields.withUnsafeBufferPointer { fields in
      try forEach(digested: false) { index, rows, cells, row, isLast, parents, _ in
        block.append(
          StreamedRow(
            number: Int64(index + 1), identity: identities.first + Int64(index), cells: cells,
            texts: rows.texts, parents: parents, fields: fields))
        if isLast || block.count == Self.blockSize {
          try body(block)
          block.removeAll(keepingCapacity: true)
        }
      }
    }
  }

  /// The same, each row read on another thread by `read`; handed out where they lie, being large to be copied.
  func forEachBlock<Row: Sendable>(
    of columns: [String], _ read: @escaping @Sendable (StreamedRow) -> Row,
    _ body: (UnsafeBufferPointer<Row>) throws -> Void
  ) throws {
    let fields = fields(columns)
    let load = loader(digested: false)
    let (identity, count) = (identities.first, parents.count)
    let firsts = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let make = { @Sendable (number: Int) in
      let loaded = try load(number)
      return fields.withUnsafeBufferPointer { fields in
        loaded.keys.withUnsafeBufferPointer { keys in
          PartRows.with(loaded.batch, file: 0) { rows in
            (0..<loaded.batch.count).map { row in
              let index = firsts[number] + row
              return read(
                StreamedRow(
                  number: Int64(index + 1), identity: identity + Int64(index),
                  cells: rows.cells + row * rows.width, texts: rows.texts,
                  parents: UnsafeBufferPointer(rebasing: keys[row * count..<(row + 1) * count]),
                  fields: fields))
            }
          }
        }
      }
    }
    try forEachMadeAhead(parts.count, make) { _, rows in
      try rows.withUnsafeBufferPointer { rows in
        for first in stride(from: 0, to: rows.count, by: Self.blockSize) {
          try body(UnsafeBufferPointer(rebasing: rows[first..<min(first + Self.blockSize, rows.count)]))
        }
      }
    }
  }

  private func fields(_ columns: [String]) -> [StreamedRow.Field] {
    columns.map { name in
      let column = entity.index(of: name) ?? 0
      return parents.firstIndex { $0.column == column }.map { .parent($0) } ?? .cell(column)
    }
  }
}

/// A row as it was read, with the keys of what it refers to.
struct StreamedRow: RowFields {
  enum Field: Sendable {
    case cell(Int)
    case parent(Int)
  }

  fileprivate let number: Int64
  fileprivate let identity: Int64
  fileprivate let cells: UnsafePointer<Int64>
  fileprivate let texts: UnsafeBufferPointer<UInt8>
  fileprivate let parents: UnsafeBufferPointer<Int64>
  fileprivate let fields: UnsafeBufferPointer<Field>

  /// Columns before those that were asked for, as ``VersionReader`` has them.
  private static let leading = 5

  @inline(__always) private func value(_ column: Int32) -> Int64 {
    guard column >= Self.leading else { return column == 0 ? number : identity }
    switch fields[Int(column) - Self.leading] {
    case .cell(let place): return cells[place]
    case .parent(let place): return parents[place]
    }
  }

  @inline(__always) func isNull(_ column: Int32) -> Bool { value(column) == EntityColumn.null }

  /// 0 for null.
  @inline(__always) func integer(_ column: Int32) -> Int64 {
    let value = value(column)
    return value == EntityColumn.null ? 0 : value
  }

  @inline(__always) func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let cell = value(column)
    guard cell != EntityColumn.null else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(rebasing: texts[EntityBatch.range(ofText: cell)])
  }

  @inline(__always) func moment(_ column: Int32) -> Moment? {
    let cell = value(column)
    return cell == EntityColumn.null ? nil : Moment(packed: cell)
  }

  @inline(__always) func choice(_ column: Int32, _ names: [String]) -> UInt8? {
    let cell = value(column)
    return cell == EntityColumn.null ? nil : UInt8(cell)
  }
}
