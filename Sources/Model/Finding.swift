/// Where something stands in an input: a file with a 1-based line and column (column in characters), or where the file is one
/// JSON document a byte.
public struct Place: Hashable, Sendable {
  public var file: String
  public var line: Int?
  public var column: Int?
  /// Offset from 0 in a file that is one JSON document, inflated where it is compressed.
  public var byte: Int?
  /// JSON pointer of a record or a field, within the file's document or the line's; empty for the document itself.
  public var pointer: String?

  public init(
    file: String, line: Int? = nil, column: Int? = nil, byte: Int? = nil, pointer: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.byte = byte
    self.pointer = pointer
  }
}

extension Place: CustomStringConvertible {
  /// `exports/billing.csv:12:7`, `exports/billing.ndjson:12:7#/customer`, `exports/billing.json:byte 4711#/data/8/customer`
  public var description: String {
    file + (line.map { ":\($0)" } ?? "") + (column.map { ":\($0)" } ?? "")
      + (byte.map { ":byte \($0)" } ?? "") + (pointer.map { $0.isEmpty ? "" : "#" + $0 } ?? "")
  }
}

/// A fault of the user's data or configuration: a value, collected and carried along, never thrown.
public struct Finding: Hashable, Sendable {
  public enum Severity: String, Sendable, Comparable, CaseIterable {
    case note, warning, error
    public static func < (left: Self, right: Self) -> Bool {
      (Self.allCases.firstIndex(of: left) ?? 0) < (Self.allCases.firstIndex(of: right) ?? 0)
    }
  }

  public var severity: Severity
  /// Stable kebab-case name, `unknown-parent`; documented in Documentation/Findings.md.
  public var name: String
  public var place: Place?
  /// What is wrong, one sentence without full stop. Values of the data stand in double quotes, names in backticks.
  public var problem: String
  /// The line of the input the place points into, for the caret; nil when there is none.
  public var excerpt: String?
  /// What becomes of the number: "the row is in quarantine and counts nowhere".
  public var consequence: String?
  /// What to do, with the line to paste where there is one.
  public var remedy: String?

  public init(
    _ severity: Severity, _ name: String, at place: Place? = nil, _ problem: String, excerpt: String? = nil,
    consequence: String? = nil, remedy: String? = nil
  ) {
    self.severity = severity
    self.name = name
    self.place = place
    self.problem = problem
    self.excerpt = excerpt
    self.consequence = consequence
    self.remedy = remedy
  }
}
