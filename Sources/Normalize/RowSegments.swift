import Model

/// The rows one file has for one entity, one segment after the other, most of them put away.
struct RowSegments: Sendable {
  struct Segment: Sendable {
    let held: HeldBatch
    /// Ids of its first and its last row.
    let first: [UInt8]
    let last: [UInt8]
  }

  let kind: EntityKind
  private(set) var segments: [Segment] = []
  /// Whether each id comes after the one before it: then none is there twice.
  private(set) var ascends = true

  init(kind: EntityKind) { self.kind = kind }

  var isEmpty: Bool { segments.isEmpty }

  mutating func append(_ batch: EntityBatch, as held: HeldBatch) {
    guard batch.count > 0 else {
      segments.append(Segment(held: held, first: [], last: []))
      return
    }
    let segment = Segment(
      held: held, first: Array(batch.texts[batch.keyRange(ofRow: 0)]),
      last: Array(batch.texts[batch.keyRange(ofRow: batch.count - 1)]))
    if ascends {
      ascends = (segments.last.map { follows(segment.first, $0.last) } ?? true) && idsAscend([batch])
    }
    segments.append(segment)
  }

  /// All rows in one batch.
  func joined() throws -> EntityBatch {
    guard segments.count != 1 else { return try segments[0].held.rows() }
    var all = EntityBatch(kind: kind)
    all.lines.reserveCapacity(segments.reduce(0) { $0 + $1.held.count })
    all.cells.reserveCapacity(all.lines.capacity * all.width)
    let texts = kind.columns.indices.filter { kind.columns[$0].kind == .text }
    for segment in segments {
      let batch = try segment.held.rows()
      let (start, base) = (all.cells.count, Int64(all.texts.count) << 24)
      all.cells.append(contentsOf: batch.cells)
      all.texts.append(contentsOf: batch.texts)
      all.lines.append(contentsOf: batch.lines)
      guard base > 0 else { continue }
      all.cells.withUnsafeMutableBufferPointer { cells in
        for row in 0..<batch.count {
          for column in texts {
            let place = start + row * batch.width + column
            if cells[place] != EntityColumn.null { cells[place] += base }
          }
        }
      }
    }
    return all
  }
}

/// Whether an id comes after another one.
func follows(_ id: [UInt8], _ other: [UInt8]) -> Bool {
  other.withUnsafeBufferPointer { other in id.withUnsafeBufferPointer { comesBefore(other, $0) } }
}
