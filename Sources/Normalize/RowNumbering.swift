import Model

extension DuplicateSettlement {
  /// Expenses of one day, category and currency are all meant, and so are uses and adjustments of one key: they are numbered by
  /// their amount or count, which no order of rows can change. Where one of them is in quarantine all are, under all the numbers they would have had,
  /// so that the whole group keeps its last good state.
  mutating func number(in scope: Scope, by column: Int) {
    let kind = source.entities[scope.entity].entity
    var seen: [String: Int] = [:]
    for file in scope.files {
      for index in pending[file].indices where pending[file][index].row.entity == kind {
        guard let key = pending[file][index].row.key else { continue }
        seen[key, default: 0] += 1
        pending[file][index].row.key = numbered(key, seen[key, default: 1])
      }
    }
    var groups: [[RowPosition]] = []
    scope.table.forEachGroup { groups.append($0) }
    // A single good row beside one in quarantine has a number of its own as well.
    let grouped = Set(groups.flatMap { $0 })
    groups += causes.filter { $0.entity == scope.entity && !grouped.contains($0.position) }.map {
      [$0.position]
    }
    for group in groups {
      let sorted = group.sorted {
        (parts[$0.file][scope.entity][$0.row, column], $0.file, $0.row)
          < (parts[$1.file][scope.entity][$1.row, column], $1.file, $1.row)
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
}
