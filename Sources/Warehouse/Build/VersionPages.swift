import GRDB
import Model
import SQLitePages

/// Writes one entity's version table and its index as whole pages, when it has no rows yet.
///
/// Takes the rows of one source.
final class VersionPages: VersionWriter {
  let isFirst = true

  private struct PlannedColumn {
    var kind: VersionColumns.Kind
    var isRequired: Bool
    var isCode: Bool
    /// Its first name among ``choices``, or its parent.
    var first: Int
  }

  /// What refers to something: what it is found by, and the row.
  private struct References {
    let column: Int
    let isByIdentity: Bool
    let root: UInt32
    let rows: ReferringRows
  }

  private let entity: EntityKind
  private let columns: VersionColumns
  /// The columns and the texts of their choices where they lie, since every row asks for them.
  private let plan: UnsafeMutablePointer<PlannedColumn>
  private let count: Int
  private let choices: UnsafeMutableBufferPointer<UnsafeBufferPointer<UInt8>>
  /// As many numbers have room in a row's record: its columns, those of its stamp, and more for moments, which are texts.
  private let room: Int
  private let run: Int64
  private let database: Database
  private let build: FirstBuild
  private let roots: (table: UInt32, index: UInt32)
  private let references: [References]
  /// The same where every row finds them without retaining them; `parent` is nil for what is found by the row's own identity.
  private let referring:
    UnsafeMutableBufferPointer<(column: Int, parent: Int?, rows: Unmanaged<ReferringRows>)>
  /// Which holds the table.
  private var file: PageFile?
  private var table: Unmanaged<TableBuilder>?
  /// Behind a pointer, since a class's own arrays are checked for overlapping access at every row.
  private let noted: UnsafeMutablePointer<NotedRows>
  private let scratch: UnsafeMutablePointer<UInt8>
  private let days = DayTexts()

  init(
    _ entity: EntityKind, run: Int64, _ database: Database, _ build: FirstBuild
  ) throws {
    self.entity = entity
    self.run = run
    self.database = database
    self.build = build
    let name = versionTableName(entity)
    roots = (try build.root(of: name, database), try build.root(of: name + "_now", database))
    let columns = VersionColumns(entity)
    self.columns = columns
    references = try referenceIndexes.filter { $0.entity == entity }.map { index in
      guard let column = columns.all.firstIndex(where: { $0.name == index.column }) else {
        throw DatabaseError(
          resultCode: .SQLITE_ERROR, message: "\(name).\(index.column) is not there to be indexed")
      }
      return References(
        column: column, isByIdentity: index.isByIdentity, root: try build.root(of: index.name, database),
        rows: ReferringRows(folder: folderOfFile(build.path)))
    }
    referring = .allocate(capacity: references.count)
    _ = referring.initialize(
      from: references.map {
        ($0.column, $0.isByIdentity ? nil : columns.all[$0.column].first, .passUnretained($0.rows))
      })
    count = columns.all.count
    room = count + 10 + 2 * (columns.all.count { $0.kind == .moment } + 2)
    plan = .allocate(capacity: count)
    for (index, column) in columns.all.enumerated() {
      (plan + index).initialize(
        to: PlannedColumn(
          kind: column.kind, isRequired: column.isRequired, isCode: column.isCode, first: column.first))
    }
    choices = .allocate(capacity: columns.choices.count)
    _ = choices.initialize(
      from: columns.choices.map { name in
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: name.count)
        _ = copy.initialize(from: name)
        return UnsafeBufferPointer(copy)
      })
    scratch = .allocate(capacity: MomentText.capacity)
    noted = .allocate(capacity: 1)
    noted.initialize(to: NotedRows())
  }

  deinit {
    scratch.deallocate()
    noted.deinitialize(count: 1)
    noted.deallocate()
    plan.deallocate()
    for choice in choices { choice.deallocate() }
    choices.deallocate()
    referring.deallocate()
    days.deallocate()
  }

  func add(
    _ cells: UnsafePointer<Int64>, arena: UnsafeBufferPointer<UInt8>, parents: UnsafeBufferPointer<Int64>,
    _ stamp: VersionStamp
  ) throws {
    let table = try table ?? opened()
    try table._withUnsafeGuaranteedRef { try put(cells, arena, parents, stamp, in: $0) }
  }

  @inline(__always)
  private func put(
    _ cells: UnsafePointer<Int64>, _ arena: UnsafeBufferPointer<UInt8>, _ parents: UnsafeBufferPointer<Int64>,
    _ stamp: VersionStamp, in table: TableBuilder
  ) throws {
    var pen = table.start(columns: room)
    // The rowid stands for "row".
    pen.appendNull()
    pen.append(stamp.identity)
    pen.append(stamp.source)
    var place = cells
    for index in 0..<count {
      place += 1
      let cell = place.pointee
      if cell == EntityColumn.null {
        if plan[index].isRequired { throw violation(columns.all[index].name, "is missing") }
        pen.appendNull()
        continue
      }
      switch plan[index].kind {
      case .number: pen.append(cell)
      case .text:
        let text = UnsafeBufferPointer(rebasing: arena[EntityBatch.range(ofText: cell)])
        if plan[index].isCode, text.count != 3 { throw violation(columns.all[index].name, "is no code") }
        table.reserve(text.count, &pen, columns: room)
        pen.append(text: text)
      case .moment: append(Moment(packed: cell), &pen)
      case .reference:
        pen.append(parents[plan[index].first])
      case .choice:
        let text = choices[plan[index].first + Int(cell)]
        table.reserve(text.count, &pen, columns: room)
        pen.append(text: text)
      }
    }
    if let from = stamp.validFrom { append(from, &pen) } else { pen.appendNull() }
    if let to = stamp.validTo { append(to, &pen) } else { pen.appendNull() }
    pen.append(run)
    pen.appendNull()
    pen.append(Int64(bitPattern: stamp.digest))
    pen.append(stamp.file)
    pen.append(Int64(stamp.line))
    table.take(pen)
    let rowid = Int64(noted.pointee.count + 1)
    try table.end(rowid: rowid)
    noted.pointee.add(stamp)
    for (column, parent, rows) in referring where cells[column + 1] != EntityColumn.null {
      let key = parent.map { parents[$0] } ?? stamp.identity
      try rows._withUnsafeGuaranteedRef {
        try $0.append(key: UInt64(key), row: Int32(truncatingIfNeeded: rowid))
      }
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
    var rows = NotedRows()
    swap(&rows, &noted.pointee)
    try rows.forEachInOrder { row, identity, from in
      index.begin()
      index.append(identity)
      index.append(rows.source)
      let count = from.map { MomentText.write($0, to: scratch) } ?? 0
      index.append(text: UnsafeBufferPointer(start: scratch, count: count))
      index.append(Int64(row + 1))
      try index.end()
    }
    for index in references { try write(index, file) }
    try build.close(file, database)
    self.file = nil
    table = nil
  }

  /// By what is referred to, then by row, as they were added.
  private func write(_ references: References, _ file: PageFile) throws {
    guard !references.rows.isEmpty else { return }
    let index = try file.index(root: references.root, uniqueKeyColumns: 0, nullsAreDistinct: false)
    try references.rows.takeInOrder { key, row in
      index.begin()
      index.append(Int64(key))
      index.append(Int64(row))
      try index.end()
    }
  }

  private func opened() throws -> Unmanaged<TableBuilder> {
    let file = try build.open(database)
    let table = Unmanaged.passUnretained(try file.table(root: roots.table))
    self.file = file
    self.table = table
    return table
  }

  @inline(__always) private func append(_ moment: Moment, _ pen: inout RecordPen) {
    pen.append(text: days.text(of: moment, scratch))
  }

  private func violation(_ column: String, _ problem: String) -> DatabaseError {
    DatabaseError(
      resultCode: .SQLITE_CONSTRAINT, message: "\(versionTableName(entity)).\(column) \(problem)")
  }
}
