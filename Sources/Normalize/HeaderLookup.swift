/// Finds the columns a mapping names in a file's header: by the exact name, else ignoring case and outer spaces.
struct HeaderLookup {
  enum Answer {
    case position(Int)
    case ambiguous([String])
    /// With the name that was probably meant.
    case missing(suggestion: String?)
  }

  let header: [String]
  private let exact: [String: Int]
  private let loose: [String: [Int]]

  init(_ header: [String]) {
    self.header = header
    exact = Dictionary(zip(header, header.indices), uniquingKeysWith: { first, _ in first })
    loose = Dictionary(grouping: header.indices) { Self.loosened(header[$0]) }
  }

  func find(_ name: String) -> Answer {
    if let position = exact[name] { return .position(position) }
    let matches = loose[Self.loosened(name)] ?? []
    if matches.count == 1 { return .position(matches[0]) }
    if matches.count > 1 { return .ambiguous(matches.map { header[$0] }) }
    return .missing(suggestion: suggestion(for: name))
  }

  private static func loosened(_ name: String) -> String {
    let spaces: Set<Character> = [" ", "\t", "\u{A0}", "\u{FEFF}"]
    let inner = name.drop { spaces.contains($0) }.reversed().drop { spaces.contains($0) }.reversed()
    return String(inner).lowercased()
  }

  private func suggestion(for name: String) -> String? {
    let wanted = Self.letters(of: name)
    let ranked = header.map { (name: $0, distance: editDistance(wanted, Self.letters(of: $0))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, wanted.count / 3) && best.distance < wanted.count ? best.name : nil
  }

  /// `Start Date`, `start_date` and `startDate` are one name to a reader.
  private static func letters(of name: String) -> [Character] {
    name.lowercased().filter { !" _-.".contains($0) }
  }
}

/// Levenshtein's distance.
private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
  var row = Array(0...second.count)
  for (index, letter) in first.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for (position, other) in second.enumerated() {
      let substituted = diagonal + (letter == other ? 0 : 1)
      diagonal = row[position + 1]
      row[position + 1] = min(substituted, diagonal + 1, row[position] + 1)
    }
  }
  return row[second.count]
}
