import Model

/// Column names as a source's mapping can use them: trimmed, none empty, none twice.
///
/// Of columns with one name each gets a number, the first too: which one a mapping means must be said.
struct HeaderNames {
  private(set) var names: [String] = []
  private(set) var findings: [Finding] = []

  /// - Parameter found: Texts of the header row, with the column each begins at.
  init(_ found: [(text: String, column: Int)], line: Int, file: String, excerpt: String) {
    let trimmed = found.map { Self.trimmed($0.text) }
    // A name that is given must not fall to a column that only got it made up.
    var taken = Set(trimmed)
    var firstNames: [String: String] = [:]
    let counts = Dictionary(trimmed.map { ($0, 1) }, uniquingKeysWith: +)
    for (index, name) in trimmed.enumerated() {
      func warn(_ finding: ExtractFinding, _ problem: String, _ consequence: String) {
        findings.append(
          Finding(
            .warning, finding, at: Place(file: file, line: line, column: found[index].column), problem,
            excerpt: excerpt, consequence: consequence, remedy: "name each column of the export once"))
      }
      if name.isEmpty {
        names.append(Self.free("column", from: index + 1, &taken))
        warn(
          .unnamedColumn, "column \(index + 1) has no name", "a mapping reaches it as `\(names[index])`")
      } else if counts[name] == 1 {
        names.append(name)
      } else {
        names.append(Self.free(name, from: 1, &taken))
        if let first = firstNames[name] {
          warn(
            .duplicateColumn, "a second column is named `\(name)`",
            "a mapping says `\(first)` for the first and `\(names[index])` for this one")
        } else {
          firstNames[name] = names[index]
        }
      }
    }
  }

  /// `column#1` and so on, for a file without header and without declared names.
  static func numbered(_ count: Int) -> [String] {
    (0..<count).map { "column#\($0 + 1)" }
  }

  private static func free(_ name: String, from first: Int, _ taken: inout Set<String>) -> String {
    var number = first
    while !taken.insert("\(name)#\(number)").inserted { number += 1 }
    return "\(name)#\(number)"
  }

  private static func trimmed(_ text: String) -> String {
    let blanks: Set<Unicode.Scalar> = [" ", "\t", "\u{A0}"]
    var scalars = Substring(text).unicodeScalars
    while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
    while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
    return String(scalars)
  }
}
