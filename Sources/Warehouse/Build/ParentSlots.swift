/// Slots of what rows refer to, a column a parent: millions of rows, which mostly refer to few of the parents they could.
final class ParentSlots {
  private let rows: Int
  /// nil: no row refers to this parent.
  private var columns: [UnsafeMutablePointer<Int32>?]
  private let row: UnsafeMutableBufferPointer<Int32>

  init(rows: Int, parents: Int) {
    self.rows = rows
    columns = Array(repeating: nil, count: parents)
    row = .allocate(capacity: parents)
    row.initialize(repeating: -1)
  }

  deinit {
    for column in columns { column?.deallocate() }
    row.deallocate()
  }

  func set(_ parent: Int, of row: Int, to slot: Int32) {
    let column = columns[parent] ?? filled(parent)
    column[row] = slot
  }

  private func filled(_ parent: Int) -> UnsafeMutablePointer<Int32> {
    let column = UnsafeMutablePointer<Int32>.allocate(capacity: rows)
    column.initialize(repeating: -1, count: rows)
    columns[parent] = column
    return column
  }

  /// By parent, -1 for none; until the next row is asked for.
  func of(_ number: Int) -> UnsafeBufferPointer<Int32> {
    for parent in columns.indices {
      if let column = columns[parent] { row[parent] = column[number] }
    }
    return UnsafeBufferPointer(row)
  }
}
