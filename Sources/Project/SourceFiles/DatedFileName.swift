/// A path whose file name holds a date: `exports/subscriptions_YYYY-MM-DD.csv`.
struct DatedFileName {
  /// The file name alone, with its fields: what the date is read by.
  let pattern: String
  /// The path with `*` in place of the date: what the files are found by.
  let glob: String

  /// nil when the file name does not hold `YYYY`, `MM` and `DD`, each once.
  init?(_ path: String) {
    let characters = Array(path)
    let nameStart = characters.lastIndex(of: "/").map { $0 + 1 } ?? 0
    let name = Array(characters[nameStart...])
    guard let year = Self.only("YYYY", in: name), let month = Self.only("MM", in: name),
      let day = Self.only("DD", in: name)
    else { return nil }
    let first = min(year.lowerBound, month.lowerBound, day.lowerBound)
    var last = max(year.upperBound, month.upperBound, day.upperBound)
    // A time of day may follow: `T`, `_` or `-`, then hours, minutes and seconds.
    for field in ["hh", "mm", "ss"] {
      let rest = name[last...]
      let gap = rest.prefix(2).firstIndex(of: Character(String(field.prefix(1)))) ?? rest.endIndex
      if String(name[gap...].prefix(2)) == field { last = gap + 2 } else { break }
    }
    pattern = String(name)
    glob = String(characters[..<nameStart] + name[..<first] + ["*"] + name[last...])
  }

  private static func only(_ field: String, in name: [Character]) -> Range<Int>? {
    let wanted = Array(field)
    let found = name.indices.filter { name[$0...].starts(with: wanted) }
    return found.count == 1 ? found[0]..<found[0] + wanted.count : nil
  }
}
