import Model

/// Settles natural ids that stand in several rows of one read.
///
/// Equal rows are one. Of a `delta` source's dated files the latest says what holds. Anything else is a contradiction: all rows of the id
/// go to quarantine, and so do good rows whose id also has a row that cannot be read. Rows of `current_state` in dated files are compared within one
/// snapshot only.
struct DuplicateSettlement {
  /// Rows that are compared with each other: one entity, in some files.
  struct Scope {
    let entity: Int
    let files: [Int]
    let table: KeyTable
  }

  /// Why a record that was mapped well is bad all the same.
  private struct Cause {
    let position: RowPosition
    let entity: Int
    let reason: String
  }

  private let source: SourceConfiguration
  private let members: [SourceAssembler.Member]
  /// By file, then by entity.
  private var parts: [[EntityBatch]]
  private var pending: [[PendingQuarantine]]
  /// By file; empty where no row is bad.
  private var isBad: [[Bool]]
  /// By file and entity; empty where nothing is dropped.
  private var isDropped: [[[Bool]]]
  private var causes: [Cause] = []
  private var superseded: Set<RowPosition> = []
  private(set) var findings: [Finding] = []
  /// Records that only the comparison showed to be bad.
  var lateRecords: Int { causes.count }

  /// Takes the mappers' rows over, so that taking some out needs no copy of the others.
  init(source: SourceConfiguration, members: [SourceAssembler.Member], parts: consuming [[EntityBatch]]) {
    self.source = source
    self.members = members
    pending = members.map(\.mapper.pending)
    isBad = members.map { _ in [] }
    isDropped = parts.map { $0.map { _ in [] } }
    self.parts = parts
  }

  mutating func settle() {
    let scopes = source.entities.indices.flatMap(scopes(of:))
    for scope in scopes { findContradictions(in: scope) }
    for scope in scopes { dropRepetitions(in: scope) }
    noteRepeatedRecords()
    for scope in scopes where identity(scope.entity) == .expense { numberExpenses(in: scope) }
    quarantineLateRecords()
    for scope in scopes { forgetInnocents(in: scope) }
  }

  private func identity(_ entity: Int) -> EntityReader.Identity {
    members.first?.mapper.entities[entity].identity ?? .mapped
  }

  private func scopes(of entity: Int) -> [Scope] {
    let isState = source.entities[entity].rows == .currentState
    let groups = Dictionary(grouping: members.indices) { isState ? members[$0].file.snapshot : nil }
    return groups.values.sorted { $0[0] < $1[0] }.map { files in
      Scope(entity: entity, files: files, table: KeyTable(files.map { ($0, parts[$0][entity]) }))
    }
  }

  // MARK: Contradictions

  private mutating func findContradictions(in scope: Scope) {
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
    if identity(scope.entity) == .expense { return }
    for group in scope.table.groups {
      let current = latest(of: group)
      guard let first = current.first, current.count > 1 else { continue }
      guard let column = firstDifference(first, among: current, scope.entity) else { continue }
      let key = parts[first.file][scope.entity].key(ofRow: first.row) ?? ""
      let places = current.prefix(5).map { place($0) }.joined(separator: ", ")
      let more = current.count > 5 ? " and \(current.count - 5) more" : ""
      for position in group {
        mark(
          position, scope.entity,
          "the id \(quoted(key)) stands in rows that differ in `\(column.name)`: \(places)\(more)")
      }
    }
  }

  /// Whether a dated file of changes is later than another.
  private func supersedes(_ file: Int, _ other: Int) -> Bool {
    guard source.extent == .delta, let own = members[file].file.snapshot,
      let others = members[other].file.snapshot
    else { return false }
    return others.completes(before: own)
  }

  private func firstDifference(_ first: RowPosition, among rows: [RowPosition], _ entity: Int)
    -> EntityColumn?
  {
    for row in rows where row != first {
      if let column = parts[first.file][entity].firstDifference(first.row, parts[row.file][entity], row.row) {
        return column
      }
    }
    return nil
  }

  /// `exports/a.csv:12`
  private func place(_ position: RowPosition) -> String {
    "\(members[position.file].file.path):\(parts[position.file][0].lines[position.row])"
  }

  /// The rows of the latest dated file, where a source's files are its changes; else all.
  private func latest(of group: [RowPosition]) -> [RowPosition] {
    guard source.extent == .delta, let last = group.last, members[last.file].file.snapshot != nil else {
      return group
    }
    return group.filter { members[$0.file].file.snapshot == members[last.file].file.snapshot }
  }

  private mutating func mark(_ position: RowPosition, _ entity: Int, _ reason: String) {
    if isBad[position.file].isEmpty {
      isBad[position.file] = [Bool](repeating: false, count: parts[position.file][0].count)
    }
    guard !isBad[position.file][position.row] else { return }
    isBad[position.file][position.row] = true
    let name = NormalizeFinding.duplicateId
    causes.append(Cause(position: position, entity: entity, reason: "\(reason). \(name.remedy)"))
  }

  private func isGood(_ position: RowPosition) -> Bool {
    isBad[position.file].isEmpty || !isBad[position.file][position.row]
  }

  // MARK: Repetitions

  private mutating func dropRepetitions(in scope: Scope) {
    if identity(scope.entity) == .expense { return }
    var count = 0
    var first: (kept: RowPosition, dropped: RowPosition)?
    for group in scope.table.groups {
      let good = group.filter(isGood)
      guard let kept = latest(of: good).first else { continue }
      for position in good where position != kept {
        drop(position, scope.entity)
        if supersedes(kept.file, position.file) {
          superseded.insert(position)
          count += 1
          if first == nil { first = (kept, position) }
        }
      }
    }
    guard let first else { return }
    let kind = source.entities[scope.entity].entity.rawValue
    note(
      .supersededRow, at: first.dropped,
      "\(count) rows of \(kind) have a newer version in a later file, the first at \(place(first.kept))")
  }

  /// Rows that say nothing new for any entity. That a customer or plan stands in many rows of an export is its nature and not
  /// worth a word.
  private mutating func noteRepeatedRecords() {
    var first: RowPosition?
    var count = 0
    for (file, dropped) in isDropped.enumerated()
    where !dropped.isEmpty && !dropped.contains(where: \.isEmpty) {
      for row in dropped[0].indices where dropped.allSatisfy({ $0[row] }) {
        let position = RowPosition(file: file, row: row)
        if superseded.contains(position) { continue }
        count += 1
        if first == nil { first = position }
      }
    }
    guard let first else { return }
    note(.repeatedRow, at: first, "\(count) rows repeat other rows of the same id exactly; this is the first")
  }

  private mutating func note(_ name: NormalizeFinding, at position: RowPosition, _ problem: String) {
    let line = Int(parts[position.file][0].lines[position.row])
    findings.append(
      name.finding(
        at: Place(file: members[position.file].file.path, line: line), problem,
        consequence: "each id is taken once"))
  }

  private mutating func drop(_ position: RowPosition, _ entity: Int) {
    if isDropped[position.file][entity].isEmpty {
      isDropped[position.file][entity] = [Bool](repeating: false, count: parts[position.file][entity].count)
    }
    isDropped[position.file][entity][position.row] = true
  }

  // MARK: Expenses without an id

  /// Expenses of one day, category and currency are all meant: they are numbered by amount, which no order of rows can change. Where one of
  /// them is in quarantine all are, under all the numbers they would have had, so that the whole group keeps its last good state.
  private mutating func numberExpenses(in scope: Scope) {
    guard let amount = EntityKind.expense.index(of: "amount") else { return }
    var seen: [String: Int] = [:]
    for file in scope.files {
      for index in pending[file].indices where pending[file][index].row.entity == .expense {
        guard let key = pending[file][index].row.key else { continue }
        seen[key, default: 0] += 1
        pending[file][index].row.key = numbered(key, seen[key, default: 1])
      }
    }
    var groups = scope.table.groups
    // A single good row beside one in quarantine has a number of its own as well.
    let grouped = Set(groups.flatMap { $0 })
    groups += causes.filter { $0.entity == scope.entity && !grouped.contains($0.position) }.map {
      [$0.position]
    }
    for group in groups {
      let sorted = group.sorted {
        (parts[$0.file][scope.entity][$0.row, amount], $0.file, $0.row)
          < (parts[$1.file][scope.entity][$1.row, amount], $1.file, $1.row)
      }
      guard let first = sorted.first, let key = parts[first.file][scope.entity].key(ofRow: first.row) else {
        continue
      }
      let before = seen[key] ?? 0
      for (index, position) in sorted.enumerated() where before + index > 0 {
        let width = parts[position.file][scope.entity].width
        let cell = parts[position.file][scope.entity].appendText(numbered(key, before + index + 1))
        parts[position.file][scope.entity].cells[position.row * width] = cell
      }
    }
  }

  private func numbered(_ key: String, _ number: Int) -> String { number == 1 ? key : "\(key)-\(number)" }

  // MARK: Results

  private mutating func quarantineLateRecords() {
    for cause in causes {
      let (file, row) = (cause.position.file, cause.position.row)
      let mapper = members[file].mapper
      let writer = QuarantineWriter(mapper: mapper, dataThrough: nil)
      let line = parts[file][0].lines[row]
      let raw = writer.raw(mapper.retained.raw(ofLine: line))
      let id = mapper.entities[cause.entity].readers.first { $0.target == 0 }
      let place = writer.place(ofField: id?.firstField ?? 0, in: raw, Int(line))
      pending[file].append(
        contentsOf: writer.rows(
          at: place, NormalizeFinding.duplicateId.rawValue, cause.reason, raw: raw.text,
          atFault: cause.entity,
          keys: parts[file].map { $0.key(ofRow: row) }))
    }
  }

  /// Takes out what quarantine says of entities that were not at fault and have a good row elsewhere: their state is known.
  private mutating func forgetInnocents(in scope: Scope) {
    let kind = source.entities[scope.entity].entity
    for file in scope.files {
      let rest = pending[file].filter { entry in
        guard !entry.isFirst, !entry.isAtFault, entry.row.entity == kind, let key = entry.row.key else {
          return true
        }
        return !scope.table.rows(withKey: key).contains(where: isGood)
      }
      pending[file] = rest
    }
  }

  /// By file and line; of one record in the order of its entities.
  var quarantined: [QuarantinedRow] {
    pending.flatMap { entries in
      entries.enumerated().sorted {
        ($0.element.row.place.line ?? 0, $0.offset) < ($1.element.row.place.line ?? 0, $1.offset)
      }.map(\.element.row)
    }
  }

  /// The rows that are left, by file and entity.
  mutating func takeParts() -> [[EntityBatch]] {
    for file in parts.indices {
      for entity in parts[file].indices {
        let (bad, dropped) = (isBad[file], isDropped[file][entity])
        if bad.isEmpty, dropped.isEmpty { continue }
        parts[file][entity].removeRows(from: 0) { !bad.isEmpty && bad[$0] || !dropped.isEmpty && dropped[$0] }
      }
    }
    return parts
  }
}
