import Model

/// Column names as a source's mapping can use them: trimmed, none empty, none twice.
struct HeaderNames {
  private(set) var names: [String] = []
  private(set) var findings: [Finding] = []

  /// - Parameter found: Texts of the header row, with the column each begins at.
  init(_ found: [(text: String, column: Int)], line: Int, file: String, excerpt: String) {
    let trimmed = found.map { Self.trimmed($0.text) }
    // A name that is given must not fall to a column that only got it made up.
    var taken = Set(trimmed)
    var seen: Set<String> = []
    for (index, name) in trimmed.enumerated() {
      let isDuplicate = !name.isEmpty && !seen.insert(name).inserted
      guard name.isEmpty || isDuplicate else {
        names.append(name)
        continue
      }
      let unique =
        isDuplicate
        ? Self.free(name, from: 2, &taken) : Self.free("column", from: index + 1, &taken)
      names.append(unique)
      findings.append(
        Finding(
          .warning, isDuplicate ? .duplicateColumn : .unnamedColumn,
          at: Place(file: file, line: line, column: found[index].column),
          isDuplicate ? "a second column is named `\(name)`" : "column \(index + 1) has no name",
          excerpt: excerpt,
          consequence: "a mapping reaches it as `\(unique)`", remedy: "name each column of the export once"))
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
