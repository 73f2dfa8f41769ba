import Model

/// The rows one read has for one entity, resolved to identities and digested, in flat arrays.
struct ReadRows {
  /// Index into the read's parts, and row in it.
  var part: [Int32] = []
  var row: [Int32] = []
  var slot: [Int32] = []
  var digest: [UInt64] = []
  private var parents: [Int32] = []
  private var referred: [IdentityIndex] = []
  /// Index into ``moments``.
  var group: [Int32] = []
  /// The snapshots the read's files are of, ascending.
  var moments: [Moment]
  private let moment: [Int32]

  init(_ read: SourceRead) {
    let ofFile = Self.snapshots(of: read)
    // A stream without a record is a snapshot, too.
    let all = ofFile.isEmpty && read.stream != nil ? [read.dataThrough] : Set(ofFile)
    moments = all.sorted { $0.packed < $1.packed }
    let sorted = moments
    moment = ofFile.map { at in Int32(sorted.firstIndex(of: at) ?? 0) }
  }

  /// The snapshot each file of a read is of.
  ///
  /// Where a column of the rows tells it, the files of one day are one snapshot, the latest of them: an export in several files is
  /// not several exports because its last rows differ by a minute.
  static func snapshots(of read: SourceRead) -> [Moment] {
    var ofFile = read.files.map { $0.snapshot ?? read.dataThrough }
    guard case .column = read.source.dataThrough else { return ofFile }
    var latest: [Day: Moment] = [:]
    for at in ofFile {
      let day = ReportingZone.utc.day(of: at)
      if at.packed > latest[day]?.packed ?? .min { latest[day] = at }
    }
    for index in ofFile.indices {
      ofFile[index] = latest[ReportingZone.utc.day(of: ofFile[index])] ?? ofFile[index]
    }
    return ofFile
  }

  /// Resolves all rows of one entity. Adds what they are and what they refer to, to the identities.
  ///
  /// With `looksUp` the entity's other identities need not be known.
  mutating func resolve(
    _ read: SourceRead, _ entity: EntityKind, looksUp: Bool, _ registry: IdentityRegistry
  ) throws {
    let system = read.source.system
    let count = Self.count(read, entity)
    let own = try registry.index(.init(system: system, entity: entity), asked: looksUp ? count : nil)
    let columns = entity.columns
    let isText = columns.map { $0.kind == .text }
    let firstColumns = entity.firstColumnCount
    let references = try columns.indices.compactMap { column in
      try referredEntity(of: columns[column].name, in: entity).map {
        (column, try registry.index(.init(system: system, entity: $0), asked: count))
      }
    }
    reserve(self.count + count, parents: references.count)
    referred = references.map(\.1)
    for (index, part) in read.parts.enumerated() where part.kind == entity {
      let group = moment.indices.contains(part.file) ? moment[part.file] : 0
      let batch = try part.rows()
      let width = batch.width
      batch.texts.withUnsafeBufferPointer { arena in
        batch.cells.withUnsafeBufferPointer { cells in
          isText.withUnsafeBufferPointer { isText in
            for row in 0..<batch.count {
              let cells = UnsafeBufferPointer(rebasing: cells[row * width..<(row + 1) * width])
              self.part.append(Int32(index))
              self.row.append(Int32(row))
              self.group.append(group)
              slot.append(
                own.slot(adding: UnsafeBufferPointer(rebasing: arena[EntityBatch.range(ofText: cells[0])])))
              digest.append(rowDigest(cells, isText, arena, firstColumns: firstColumns))
              for (column, referred) in references {
                let cell = cells[column]
                parents.append(
                  cell == EntityColumn.null
                    ? -1
                    : referred.slot(
                      adding: UnsafeBufferPointer(rebasing: arena[EntityBatch.range(ofText: cell)])))
              }
            }
          }
        }
      }
    }
  }

  static func count(_ read: SourceRead, _ entity: EntityKind) -> Int {
    read.parts.reduce(0) { $0 + ($1.kind == entity ? $1.count : 0) }
  }

  private mutating func reserve(_ count: Int, parents: Int) {
    part.reserveCapacity(count)
    row.reserveCapacity(count)
    group.reserveCapacity(count)
    slot.reserveCapacity(count)
    digest.reserveCapacity(count)
    self.parents.reserveCapacity(count * parents)
  }

  /// The keys of what a row refers to, in the order of the columns, once all have one.
  @inline(__always) func withParents<Result>(
    of index: Int, _ body: (UnsafeBufferPointer<Int64>) throws -> Result
  ) rethrows -> Result {
    try withUnsafeTemporaryAllocation(of: Int64.self, capacity: referred.count) { keys in
      for (number, identities) in referred.enumerated() {
        let slot = parents[index * referred.count + number]
        keys.initializeElement(at: number, to: slot < 0 ? EntityColumn.null : identities.keys[Int(slot)])
      }
      return try body(UnsafeBufferPointer(keys))
    }
  }

  var count: Int { slot.count }
}
