import Model

/// Compares what rows of one entity say, whichever files they are from.
struct RowComparison {
  let columns: [EntityColumn]
  private let isText: [Bool]

  init(_ kind: EntityKind) {
    columns = kind.columns
    isText = columns.map { $0.kind == .text }
  }

  /// Position of the first column in which two rows differ; nil when they say the same.
  func firstDifference(_ left: EntityBatch, _ row: Int, _ right: EntityBatch, _ other: Int) -> Int? {
    for (column, isText) in isText.enumerated() {
      let (own, others) = (left[row, column], right[other, column])
      if !isText || own == EntityColumn.null || others == EntityColumn.null {
        if own != others { return column }
        continue
      }
      let same = left.texts[EntityBatch.range(ofText: own)].elementsEqual(
        right.texts[EntityBatch.range(ofText: others)])
      if !same { return column }
    }
    return nil
  }
}
