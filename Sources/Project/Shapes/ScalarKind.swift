import Model

/// A single value: what is accepted, how it is named in findings, and its JSON Schema.
struct ScalarKind: Sendable {
  /// Name of the finding when a text is not accepted.
  var finding: ProjectFinding
  /// `a currency such as EUR`, to complete "expected is ...".
  var expected: String
  /// Texts to suggest from.
  var known: @Sendable () -> [String] = { [] }
  var mayBeSecret = false
  var schema: JSONValue
  var accepts: @Sendable (String) -> Bool

  static let text = ScalarKind(finding: .badValue, expected: "a text", schema: .type("string")) {
    !$0.isEmpty
  }

  /// A text that may be empty or contain anything: constants, replaced texts.
  static let anyText = ScalarKind(
    finding: .badValue, expected: "a text", schema: ["type": ["string", "number", "boolean"]]
  ) { _ in true }

  static func oneOf(_ values: [String], finding: ProjectFinding = .badValue) -> ScalarKind {
    ScalarKind(
      finding: finding, expected: "one of \(values.joined(separator: ", "))", known: { values },
      schema: ["enum": .list(values.map(JSONValue.text))],
      accepts: { values.contains($0) })
  }

  /// One of a few marks, which a list separated by commas could not show.
  static func mark(_ values: [String], expected: String) -> ScalarKind {
    ScalarKind(
      finding: .badValue, expected: expected, schema: ["enum": .list(values.map(JSONValue.text))]
    ) { values.contains($0) }
  }

  static func whole(_ range: ClosedRange<Int>) -> ScalarKind {
    ScalarKind(
      finding: .badValue, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      schema: ["type": "integer", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
    ) { Int($0).map(range.contains) ?? false }
  }

  static let flag = ScalarKind(
    finding: .badValue, expected: "true or false", known: { ["true", "false"] }, schema: .type("boolean"),
    accepts: { ["true", "false"].contains($0) })

  static let currency = ScalarKind(
    finding: .unknownCurrency, expected: "an ISO 4217 currency such as `EUR`",
    known: { Currency.listedCodes },
    schema: ["type": "string", "pattern": "^[A-Z]{3}$"],
    accepts: { Currency.listedCodes.contains($0) })

  static let zone = ScalarKind(
    finding: .unknownTimeZone, expected: "an IANA time zone such as `Europe/Berlin`",
    known: { zoneNames() }, schema: .type("string"),
    accepts: { reportingZone(named: $0) != nil })

  static let fiscalMonth = ScalarKind(
    finding: .badValue, expected: "a month's English name, or 1 to 12", known: { monthNames },
    schema: ["type": ["string", "integer"]],
    accepts: { monthNumber($0) != nil })

  /// `1 %`, up to four decimals.
  static let share = ScalarKind(
    finding: .badValue, expected: "a percentage such as `1 %`",
    schema: ["type": "string", "pattern": "^[0-9]+(\\.[0-9]{1,4})? ?%$"]
  ) { shareInMillionths($0) != nil }

  static let rate = ScalarKind(
    finding: .badValue, expected: "an exact positive decimal such as `1.0843`", schema: .type("number")
  ) { ExactRate(decimal: $0) != nil }

  /// Below the project's folder or the output folder: neither absolute nor with `..`.
  static let innerPath = ScalarKind(
    finding: .badPath, expected: "a relative path without `..`", schema: .type("string")
  ) { path in !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..") }

  /// A name that becomes part of tables and file names.
  static let name = ScalarKind(
    finding: .badName, expected: "a name of small letters, digits and `_` (other than `all`)",
    schema: ["type": "string", "pattern": "^[a-z][a-z0-9_]*$"]
  ) { name in
    name != "all" && name.utf8.first.map { (0x61...0x7A).contains($0) } == true
      && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
  }

  static let datePattern = ScalarKind(
    finding: .badDatePattern,
    expected: "`iso`, `epoch_seconds`, `epoch_milliseconds` or a pattern such as `DD.MM.YYYY`",
    known: {
      ["iso", "epoch_seconds", "epoch_milliseconds", "YYYY-MM-DD", "MM/DD/YYYY", "DD.MM.YYYY", "M/D/YYYY"]
    },
    schema: .type("string"),
    accepts: { dateFormat($0) != nil })

  static let oneByte = ScalarKind(
    finding: .badValue, expected: "one ASCII character", schema: ["type": "string", "maxLength": 1]
  ) { $0.utf8.count == 1 && !$0.utf8.contains { [0, 0x0A, 0x0D].contains($0) } }
}

let monthNames = [
  "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
  "november",
  "december",
]

func monthNumber(_ text: String) -> Int? {
  if let number = Int(text) { return (1...12).contains(number) ? number : nil }
  return monthNames.firstIndex(of: text.lowercased()).map { $0 + 1 }
}

/// `0.5 %` is 5_000.
func shareInMillionths(_ text: String) -> Int64? {
  guard text.hasSuffix("%") else { return nil }
  let number = text.dropLast().filter { $0 != " " }
  let parts = number.split(separator: ".", omittingEmptySubsequences: false)
  guard (1...2).contains(parts.count), let whole = Int64(parts[0]), (0...100).contains(whole) else {
    return nil
  }
  var share = whole * 10_000
  if parts.count == 2 {
    guard (1...4).contains(parts[1].count), let decimals = Int64(parts[1]), decimals >= 0 else { return nil }
    share += decimals * [1000, 100, 10, 1][parts[1].count - 1]
  }
  return share <= 1_000_000 ? share : nil
}
