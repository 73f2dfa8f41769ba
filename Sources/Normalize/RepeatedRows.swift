import Model

extension DuplicateSettlement {
  mutating func dropRepetitions(in scope: Scope) {
    if identity(scope.entity).numberedBy != nil { return }
    var count = 0
    var first: (kept: RowPosition, dropped: RowPosition)?
    let areAllGood = isBad.allSatisfy(\.isEmpty)
    scope.table.forEachGroup { group in
      let good = areAllGood ? group : group.filter(isGood)
      guard let kept = latest(of: good).first else { return }
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

  /// Rows that say nothing new for any entity. That a customer or plan stands in many rows of an export is
  /// its nature and not worth a word.
  mutating func noteRepeatedRecords() {
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
    findings.append(name.finding(at: place(position), problem, consequence: "each id is taken once"))
  }

  private mutating func drop(_ position: RowPosition, _ entity: Int) {
    if isDropped[position.file][entity].isEmpty {
      isDropped[position.file][entity] = [Bool](repeating: false, count: parts[position.file][entity].count)
    }
    isDropped[position.file][entity][position.row] = true
  }
}
