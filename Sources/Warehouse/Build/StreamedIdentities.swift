import Model

/// Identities of rows that nothing refers to, numbered in the order of the rows: they stay where those were put, since they are the many.
final class StreamedIdentities {
  let count: Int
  /// The key of the first row; 0 until ``IdentityRegistry/save()`` has given it one.
  var first: Int64 = 0
  private let rows: [HeldBatch]

  init(_ rows: [HeldBatch]) {
    self.rows = rows
    count = rows.reduce(0) { $0 + $1.count }
  }

  /// Hands out every natural id with its key, in the order of the keys.
  func forEachID(_ body: (Int64, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
    var key = first
    let load = { @Sendable [rows] number in try rows[number].rows() }
    try forEachMadeAhead(rows.count, load) { _, batch in
      try batch.texts.withUnsafeBufferPointer { texts in
        try batch.cells.withUnsafeBufferPointer { cells in
          for row in 0..<batch.count {
            let cell = cells[row * batch.width]
            let range = cell == EntityColumn.null ? 0..<0 : EntityBatch.range(ofText: cell)
            try body(key, UnsafeBufferPointer(rebasing: texts[range]))
            key += 1
          }
        }
      }
    }
  }

  /// All of them in memory, for another read that has rows of the same kind.
  func index() throws -> IdentityIndex {
    let index = IdentityIndex(expecting: count)
    try forEachID { key, id in _ = index.slot(adding: id, key: key) }
    return index
  }
}
