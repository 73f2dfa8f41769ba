import GRDB
import Model

/// Writes rows of one entity's version table through statements prepared once: the way of every night but the first.
final class VersionStatements: VersionWriter {
  let isFirst = false
  private let insert: RawStatement
  private let end: RawStatement
  private let copy: RawStatement
  private let columns: VersionColumns
  private let scratch: UnsafeMutablePointer<UInt8>
  private let width: Int
  private var isBound: [Bool]
  private let run: Int64
  private let entity: EntityKind
  private let changed: ChangedIdentities

  init(
    _ entity: EntityKind, run: Int64, changed: ChangedIdentities, _ database: Database
  ) throws {
    self.entity = entity
    self.changed = changed
    let columns = entity.columns.dropFirst()
    width = entity.columns.count
    isBound = Array(repeating: false, count: width)
    self.run = run
    let table = versionTableName(entity)
    let names = columns.map { quoted($0.name) }.joined(separator: ", ")
    let stamps = "identity, source, valid_from, valid_to, seen_from, digest, file, line"
    let marks = (1...columns.count + 8).map { "?\($0)" }.joined(separator: ", ")
    insert = try RawStatement(database, "insert into \(table) (\(names), \(stamps)) values (\(marks))")
    end = try RawStatement(
      database, "update \(table) set seen_to = ?2 where \"row\" = ?1 returning identity")
    copy = try RawStatement(
      database,
      """
      insert into \(table) (\(names), \(stamps))
      select \(names), identity, source, ?2, ?3, ?4, digest, file, line from \(table) where "row" = ?1
      """)
    self.columns = VersionColumns(entity)
    scratch = .allocate(capacity: (width + 8) * MomentText.capacity)
  }

  deinit { scratch.deallocate() }

  func add(
    _ cells: UnsafePointer<Int64>, arena: UnsafeBufferPointer<UInt8>,
    parents: UnsafeBufferPointer<Int64>, _ stamp: VersionStamp
  ) throws {
    for column in 1..<width {
      let cell = cells[column]
      let index = Int32(column)
      let known = columns.all[column - 1]
      if cell == EntityColumn.null {
        // A binding stays until it is replaced: most columns of an export are empty in every row.
        if isBound[column] { insert.bindNull(index) }
        isBound[column] = false
        continue
      }
      isBound[column] = true
      switch known.kind {
      case .number: insert.bind(index, cell)
      case .text: bind(arena, EntityBatch.range(ofText: cell), to: index)
      case .moment: bind(Moment(packed: cell), to: index)
      case .reference: insert.bind(index, parents[known.first])
      case .choice:
        columns.choices[known.first + Int(cell)].withUnsafeBufferPointer {
          insert.bind(index, text: $0.baseAddress.unsafelyUnwrapped, count: $0.count)
        }
      }
    }
    let first = Int32(width)
    insert.bind(first, stamp.identity)
    insert.bind(first + 1, stamp.source)
    if let from = stamp.validFrom { bind(from, to: first + 2) } else { insert.bindNull(first + 2) }
    if let to = stamp.validTo { bind(to, to: first + 3) } else { insert.bindNull(first + 3) }
    insert.bind(first + 4, run)
    insert.bind(first + 5, Int64(bitPattern: stamp.digest))
    insert.bind(first + 6, stamp.file)
    insert.bind(first + 7, Int64(stamp.line))
    try insert.run()
    changed.add(stamp.identity, of: entity)
  }

  func end(row: Int64) throws {
    end.bind(1, row)
    end.bind(2, run)
    while try end.step() { changed.add(end.integer(0), of: entity) }
  }

  func copy(row: Int64, validFrom: Moment?, validTo: Moment?) throws {
    copy.bind(1, row)
    copy.bind(2, validFrom?.description)
    copy.bind(3, validTo?.description)
    copy.bind(4, run)
    try copy.run()
  }

  func finish() {}

  @inline(__always) private func bind(
    _ arena: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to index: Int32
  ) {
    if range.isEmpty {
      insert.bind(index, "")
    } else {
      insert.bind(index, text: arena.baseAddress.unsafelyUnwrapped + range.lowerBound, count: range.count)
    }
  }

  @inline(__always) private func bind(_ moment: Moment, to index: Int32) {
    let place = scratch + (Int(index) - 1) * MomentText.capacity
    insert.bind(index, text: place, count: MomentText.write(moment, to: place))
  }
}
