/// The name that was probably meant, for "did you mean"; nil when none is near enough to be worth saying.
///
/// Near enough is a third of the letters wrong, missing, too many or swapped with their neighbour; case, `-`, `_`
/// and spaces cost nothing. Of equally near names the first one wins.
public func nearest(to name: String, among known: some Sequence<String>) -> String? {
  let wanted = folded(name)
  var best: (name: String, distance: Int)?
  for candidate in known {
    let other = folded(candidate)
    let distance = editDistance(wanted, other)
    guard distance <= max(1, max(wanted.count, other.count) / 3), distance < max(wanted.count, other.count)
    else {
      continue
    }
    if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
  }
  return best?.name
}

private func folded(_ name: String) -> [Character] {
  name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }.map { $0 }
}

/// Damerau-Levenshtein distance (optimal string alignment).
private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...second.count)
  for (row, character) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in second.enumerated() {
      var distance = min(
        previous[column + 1] + 1, current[column] + 1, previous[column] + (character == other ? 0 : 1))
      if row > 0, column > 0, character == second[column - 1], first[row - 1] == other {
        distance = min(distance, beforePrevious[column - 1] + 1)
      }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[second.count]
}
