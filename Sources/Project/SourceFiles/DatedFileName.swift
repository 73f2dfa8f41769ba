/// A path whose file name holds a date: `exports/subscriptions_YYYY-MM-DD.csv`.
struct DatedFileName {
  /// The file name alone, with its fields: what the date is read by.
  let pattern: String
  /// The path with `[0-9]` for each digit of the date: what the files are found by.
  let glob: String

  /// nil when the file name does not hold `YYYY`, `MM` and `DD`, each once.
  init?(_ path: String) {
    let characters = Array(path)
    let nameStart = characters.lastIndex(of: "/").map { $0 + 1 } ?? 0
    let name = Array(characters[nameStart...])
    guard let year = Self.only("YYYY", in: name), let month = Self.only("MM", in: name),
      let day = Self.only("DD", in: name)
    else { return nil }
    var digits = Set(year).union(month).union(day)
    // A time of day may follow: `T`, `_` or `-`, then hours, minutes and seconds.
    var last = max(year.upperBound, month.upperBound, day.upperBound)
    for field in ["hh", "mm", "ss"] {
      let rest = name[last...]
      let gap = rest.prefix(2).firstIndex(of: Character(String(field.prefix(1)))) ?? rest.endIndex
      guard String(name[gap...].prefix(2)) == field else { break }
      last = gap + 2
      digits.formUnion(gap..<last)
    }
    pattern = String(name)
    glob =
      String(characters[..<nameStart])
      + name.indices.map { digits.contains($0) ? "[0-9]" : String(name[$0]) }.joined()
  }

  private static func only(_ field: String, in name: [Character]) -> Range<Int>? {
    let wanted = Array(field)
    let found = name.indices.filter { name[$0...].starts(with: wanted) }
    return found.count == 1 ? found[0]..<found[0] + wanted.count : nil
  }
}
