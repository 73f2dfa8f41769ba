import Model

/// The raw text of a file's records, for those that turn out to be bad only when the whole source has been
/// read.
///
/// Shares the batches' bytes instead of copying them.
struct RetainedRows: Sendable {
  private struct Block: Sendable {
    let bytes: [UInt8]
    let lines: [Int32]
    let raws: [RecordBatch.Field]
  }

  private var blocks: [Block] = []

  mutating func keep(_ batch: RecordBatch) {
    if batch.count > 0 { blocks.append(Block(bytes: batch.bytes, lines: batch.lines, raws: batch.raws)) }
  }

  /// The raw text of the record that begins on the line.
  func raw(ofLine line: Int32) -> ArraySlice<UInt8> {
    let block = blocks.partitioningIndex { ($0.lines.last ?? 0) >= line }
    guard block < blocks.count else { return [] }
    let record = blocks[block].lines.partitioningIndex { $0 >= line }
    guard record < blocks[block].lines.count, blocks[block].lines[record] == line else { return [] }
    let field = blocks[block].raws[record]
    return blocks[block].bytes[Int(field.offset)..<Int(field.offset) + Int(field.length)]
  }
}

extension Array {
  /// The first position whose element satisfies a predicate that is false, then true.
  func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
