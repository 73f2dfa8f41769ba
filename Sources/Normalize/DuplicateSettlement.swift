import Model

/// Settles natural ids that stand in several rows of one read.
///
/// Equal rows are one. Of a `delta` source's dated files the latest says what holds. Anything else is a
/// contradiction: all rows of the id go to quarantine, and so do good rows whose id also has a row that
/// cannot be read. Rows of `current_state` in dated files are compared within one snapshot only.
struct DuplicateSettlement {
  /// Rows that are compared with each other: one entity, in some files.
  struct Scope {
    let entity: Int
    let files: [Int]
    let table: KeyTable
  }

  /// Why a record that was mapped well is bad all the same.
  struct Cause {
    let position: RowPosition
    let entity: Int
    let reason: String
  }

  let source: SourceConfiguration
  let members: [SourceAssembler.Member]
  /// By file, then by entity.
  var parts: [[EntityBatch]]
  var pending: [[PendingQuarantine]]
  /// By file; empty where no row is bad.
  var isBad: [[Bool]]
  /// By file and entity; empty where nothing is dropped.
  var isDropped: [[[Bool]]]
  var causes: [Cause] = []
  var superseded: Set<RowPosition> = []
  var findings: [Finding] = []
  /// Records that only the comparison showed to be bad.
  var lateRecords: Int { causes.count }

  /// Takes the mappers' rows over, so that taking some out needs no copy of the others.
  init(
    source: SourceConfiguration, members: [SourceAssembler.Member], parts: consuming [[EntityBatch]],
    stale: [Int] = []
  ) {
    self.source = source
    self.members = members
    pending = members.map(\.mapper.pending)
    let periods = Set(source.entities.filter { $0.rows == .periods }.map(\.entity))
    // A row of a superseded file that could not be read says nothing of today's rows.
    for file in stale { pending[file].removeAll { $0.row.entity.map(periods.contains) ?? false } }
    isBad = members.map { _ in [] }
    isDropped = parts.map { $0.map { _ in [] } }
    self.parts = parts
  }

  mutating func settle(_ reread: RawRecordReader) {
    let scopes = source.entities.indices.flatMap(scopes(of:))
    for scope in scopes { findContradictions(in: scope) }
    for scope in scopes { dropRepetitions(in: scope) }
    noteRepeatedRecords()
    for scope in scopes {
      if let column = identity(scope.entity).numberedBy {
        warnOfEqualFiles(in: scope)
        number(in: scope, by: column)
      }
    }
    quarantineLateRecords(reread)
    forgetInnocents(scopes)
  }

  func identity(_ entity: Int) -> EntityReader.Identity {
    members.first?.mapper.entities[entity].identity ?? .mapped
  }

  func scopes(of entity: Int) -> [Scope] {
    let isState = source.entities[entity].rows == .currentState
    let groups = Dictionary(grouping: members.indices) { isState ? members[$0].file.snapshot : nil }
    return groups.values.sorted { $0[0] < $1[0] }.map { files in
      Scope(entity: entity, files: files, table: KeyTable(files.map { ($0, parts[$0][entity]) }))
    }
  }

  mutating func findContradictions(in scope: Scope) {
    for file in scope.files {
      for entry in pending[file]
      where entry.isAtFault && entry.row.entity == source.entities[scope.entity].entity {
        guard let key = entry.row.key else { continue }
        for position in scope.table.rows(withKey: key) where !supersedes(position.file, file) {
          mark(
            position, scope.entity,
            "another row of the id \(quoted(key)) is in quarantine (\(entry.row.place))")
        }
      }
    }
    if identity(scope.entity).numberedBy != nil { return }
    let comparison = RowComparison(source.entities[scope.entity].entity)
    scope.table.forEachGroup { group in
      let current = latest(of: group)
      guard let first = current.first, current.count > 1 else { return }
      guard let column = firstDifference(first, among: current, scope.entity, comparison) else { return }
      let key = parts[first.file][scope.entity].key(ofRow: first.row) ?? ""
      let places = current.prefix(5).map { place($0).description }.joined(separator: ", ")
      let more = current.count > 5 ? " and \(current.count - 5) more" : ""
      for position in group {
        mark(
          position, scope.entity,
          "the id \(quoted(key)) stands in rows that differ in `\(column.name)`: \(places)\(more)")
      }
    }
  }

  /// Whether a dated file of changes is later than another.
  func supersedes(_ file: Int, _ other: Int) -> Bool {
    guard source.extent == .delta, let own = members[file].file.snapshot,
      let others = members[other].file.snapshot
    else { return false }
    return others.completes(before: own)
  }

  func firstDifference(
    _ first: RowPosition, among rows: [RowPosition], _ entity: Int, _ comparison: RowComparison
  ) -> EntityColumn? {
    let batch = parts[first.file][entity]
    for row in rows where row != first {
      let other = parts[row.file][entity]
      if let column = comparison.firstDifference(batch, first.row, other, row.row) {
        return comparison.columns[column]
      }
    }
    return nil
  }

  /// `exports/a.csv:12`
  func place(_ position: RowPosition) -> Place {
    source.format.place(ofLine: parts[position.file][0].lines[position.row], in: members[position.file].file)
  }

  /// The rows of the latest dated file, where a source's files are its changes; else all.
  func latest(of group: [RowPosition]) -> [RowPosition] {
    guard source.extent == .delta, let last = group.last, members[last.file].file.snapshot != nil else {
      return group
    }
    return group.filter { members[$0.file].file.snapshot == members[last.file].file.snapshot }
  }

  mutating func mark(_ position: RowPosition, _ entity: Int, _ reason: String) {
    if isBad[position.file].isEmpty {
      isBad[position.file] = [Bool](repeating: false, count: parts[position.file][0].count)
    }
    guard !isBad[position.file][position.row] else { return }
    isBad[position.file][position.row] = true
    let name = NormalizeFinding.duplicateId
    causes.append(Cause(position: position, entity: entity, reason: "\(reason). \(name.remedy)"))
  }

  func isGood(_ position: RowPosition) -> Bool {
    isBad[position.file].isEmpty || !isBad[position.file][position.row]
  }
}
