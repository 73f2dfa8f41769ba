import Model

/// Finds the columns a mapping names in a file's header: by the exact name, else ignoring case and outer
/// spaces. A name that stands twice in the header finds none of its columns, which carry numbers (`name#1`).
struct HeaderLookup {
  enum Answer {
    case position(Int)
    case ambiguous([Int])
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
    if matches.count > 1 { return .ambiguous(matches) }
    let numbered = (1...max(header.count, 1)).lazy.map { loose[Self.loosened("\(name)#\($0)")] ?? [] }
      .prefix { !$0.isEmpty }.flatMap(\.self)
    if numbered.count > 1 { return .ambiguous(numbered.sorted()) }
    return .missing(suggestion: nearest(to: name, among: header))
  }

  private static func loosened(_ name: String) -> String {
    let spaces: Set<Character> = [" ", "\t", "\u{A0}", "\u{FEFF}"]
    let inner = name.drop { spaces.contains($0) }.reversed().drop { spaces.contains($0) }.reversed()
    return String(inner).lowercased()
  }
}
