import Model

/// Amounts that a document states once for all rows it gives: a coupon on a subscription with several items.
///
/// Each row gets its share in proportion to its price times quantity, by largest remainder, so that the shares add up to the
/// amount.
struct SharedAmounts: Sendable {
  private let columns: [Int]
  private let amount: Int
  private let quantity: Int?

  /// nil when nothing of the mapping is shared.
  init?(_ mapping: SourceConfiguration.EntityMapping) {
    let shared = mapping.fields.filter { $0.value.isShared }.keys
    guard !shared.isEmpty, let amount = mapping.entity.index(of: "amount") else { return nil }
    columns = shared.compactMap { mapping.entity.index(of: $0) }.sorted()
    self.amount = amount
    // An invoice line's amount is that of all its units.
    quantity = mapping.entity == .recurringCharge ? mapping.entity.index(of: "quantity") : nil
  }

  /// Shares the amounts of all rows from `first` on; rows of one document stand together and name its line.
  func share(in batch: inout EntityBatch, from first: Int) {
    var start = first
    while start < batch.count {
      var end = start + 1
      while end < batch.count, batch.lines[end] == batch.lines[start] { end += 1 }
      if end - start > 1 { share(in: &batch, rows: start..<end) }
      start = end
    }
  }

  private func share(in batch: inout EntityBatch, rows: Range<Int>) {
    let width = batch.width
    var weights = rows.map { weight(ofRow: $0, in: batch) }
    // Where no row has a price of its own all count alike.
    if weights.allSatisfy({ $0 == 0 }) { weights = weights.map { _ in 1 } }
    for column in columns {
      let total = batch.cells[rows.lowerBound * width + column]
      guard total != EntityColumn.null, total != 0 else { continue }
      let shares = sharesByLargestRemainder(of: abs(total), weights: weights)
      for (row, share) in zip(rows, shares) {
        batch.cells[row * width + column] = total < 0 ? -share : share
      }
    }
  }

  private func weight(ofRow row: Int, in batch: EntityBatch) -> Int64 {
    let cells = batch.cells[row * batch.width..<(row + 1) * batch.width]
    let price = cells[cells.startIndex + amount]
    guard price != EntityColumn.null else { return 0 }
    let units = quantity.map { cells[cells.startIndex + $0] } ?? EntityColumn.null
    guard units != EntityColumn.null else { return abs(price) }
    let weight = Int128(abs(price)) * Int128(abs(units)) / 1_000_000
    return Int64(clamping: weight)
  }
}
