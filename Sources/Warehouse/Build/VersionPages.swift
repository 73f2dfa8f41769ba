import GRDB
import Model
import SQLitePages

/// Writes one entity's version table and its index as whole pages, when it has no rows yet.
final class VersionPages: VersionWriter {
  private struct Entry {
    var identity: Int64
    var source: Int64
    /// ``Moment/packed``; the least number for none.
    var from: Int64
    var row: Int64
  }

  private let entity: EntityKind
  private let columns: VersionColumns
  private let run: Int64
  private let database: Database
  private let build: FirstBuild
  private let roots: (table: UInt32, index: UInt32)
  /// What refers to something, by index: what it is found by, and the row.
  private var references: [(column: Int, isByIdentity: Bool, root: UInt32, entries: [KeyedRow])] = []
  private var file: PageFile?
  private var table: TableBuilder?
  private var entries: [Entry] = []
  private let scratch: UnsafeMutablePointer<UInt8>

  init(
    _ entity: EntityKind, system: String, registry: IdentityRegistry, run: Int64, _ database: Database,
    _ build: FirstBuild
  ) throws {
    self.entity = entity
    self.run = run
    self.database = database
    self.build = build
    let name = versionTableName(entity)
    roots = (try build.root(of: name, database), try build.root(of: name + "_now", database))
    columns = try VersionColumns(entity, system: system, registry: registry)
    scratch = .allocate(capacity: MomentText.capacity)
    for index in referenceIndexes where index.entity == entity {
      let column = columns.all.firstIndex { $0.name == index.column }
      guard let column else { throw violation(index.column, "is not there to be indexed") }
      references.append((column, index.isByIdentity, try build.root(of: index.name, database), []))
    }
  }

  deinit { scratch.deallocate() }

  func add(
    _ batch: borrowing EntityBatch, row: Int, arena: UnsafeBufferPointer<UInt8>,
    parents: UnsafeBufferPointer<Int32>, _ stamp: VersionStamp
  ) throws {
    let table = try opened()
    table.begin()
    // The rowid stands for "row".
    table.appendNull()
    table.append(stamp.identity)
    table.append(stamp.source)
    let first = row * batch.width + 1
    try batch.cells.withUnsafeBufferPointer { cells in
      try columns.all.withUnsafeBufferPointer { all in
        for index in all.indices {
          let cell = cells[first + index]
          if cell == EntityColumn.null {
            if all[index].isRequired { throw violation(all[index].name, "is missing") }
            table.appendNull()
            continue
          }
          switch all[index].kind {
          case .number: table.append(cell)
          case .text:
            let text = UnsafeBufferPointer(rebasing: arena[EntityBatch.range(ofText: cell)])
            if all[index].isCode, text.count != 3 { throw violation(all[index].name, "is no code") }
            table.append(text: text)
          case .moment: append(Moment(packed: cell), to: table)
          case .reference:
            let parent = all[index].first
            table.append(columns.parents[parent].keys[Int(parents[parent])])
          case .choice:
            columns.choices[all[index].first + Int(cell)].withUnsafeBufferPointer { table.append(text: $0) }
          }
        }
      }
    }
    if let from = stamp.validFrom { append(from, to: table) } else { table.appendNull() }
    if let to = stamp.validTo { append(to, to: table) } else { table.appendNull() }
    table.append(run)
    table.appendNull()
    table.append(Int64(bitPattern: stamp.digest))
    table.append(stamp.file)
    table.append(Int64(stamp.line))
    let rowid = Int64(entries.count + 1)
    try table.end(rowid: rowid)
    entries.append(
      Entry(
        identity: stamp.identity, source: stamp.source, from: stamp.validFrom?.packed ?? .min, row: rowid))
    for index in references.indices where batch.cells[first + references[index].column] != EntityColumn.null {
      let kind = columns.all[references[index].column]
      let key =
        references[index].isByIdentity
        ? stamp.identity : columns.parents[kind.first].keys[Int(parents[kind.first])]
      references[index].entries.append((UInt64(key), Int32(truncatingIfNeeded: rowid)))
    }
  }

  func end(row: Int64) throws { throw violation("row", "\(row) cannot end in the run that wrote it") }

  func copy(row: Int64, validFrom: Moment?, validTo: Moment?) throws {
    throw violation("row", "\(row) cannot be repeated in the run that wrote it")
  }

  /// Writes the index of the versions known now.
  func finish() throws {
    guard let file else { return }
    let index = try file.index(root: roots.index, uniqueKeyColumns: 3, nullsAreDistinct: true)
    let inOrder = entries.inOrder {
      ($0.identity, $0.source, text(of: $0.from)) < ($1.identity, $1.source, text(of: $1.from))
    }
    let empty = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    for entry in inOrder {
      index.begin()
      index.append(entry.identity)
      index.append(entry.source)
      if entry.from == .min {
        index.append(text: empty)
      } else {
        let count = MomentText.write(Moment(packed: entry.from), to: scratch)
        index.append(text: UnsafeBufferPointer(start: scratch, count: count))
      }
      index.append(entry.row)
      try index.end()
    }
    for place in references.indices { try writeReferences(place, file) }
    try build.close(file, database)
    self.file = nil
    table = nil
    entries = []
  }

  /// By what is referred to, then by row, as they were added.
  private func writeReferences(_ place: Int, _ file: PageFile) throws {
    guard !references[place].entries.isEmpty else { return }
    let index = try file.index(root: references[place].root, uniqueKeyColumns: 0, nullsAreDistinct: false)
    sortByRadix(&references[place].entries)
    for entry in references[place].entries {
      index.begin()
      index.append(Int64(entry.key))
      index.append(Int64(entry.index))
      try index.end()
    }
    references[place].entries = []
  }

  private func opened() throws -> TableBuilder {
    if let table { return table }
    let file = try build.open(database)
    let table = try file.table(root: roots.table)
    self.file = file
    self.table = table
    return table
  }

  @inline(__always) private func append(_ moment: Moment, to table: TableBuilder) {
    let count = MomentText.write(moment, to: scratch)
    table.append(text: UnsafeBufferPointer(start: scratch, count: count))
  }

  /// As the index compares it.
  private func text(of packed: Int64) -> String { packed == .min ? "" : Moment(packed: packed).description }

  private func violation(_ column: String, _ problem: String) -> DatabaseError {
    DatabaseError(
      resultCode: .SQLITE_CONSTRAINT, message: "\(versionTableName(entity)).\(column) \(problem)")
  }
}
