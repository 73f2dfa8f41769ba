/// How a report writes numbers and days: a table of the project's own, so that no setting of the machine takes part.
public struct WritingStyle: Sendable, Hashable {
  public enum DayOrder: Sendable, Hashable {
    /// `2026-10-31`
    case iso
    /// `31.10.2026`, `31/10/2026`
    case dayFirst(String)
    /// `10/31/2026`
    case monthFirst(String)
    /// `2026/10/31`
    case yearFirst(String)
  }

  /// How amounts of money below zero are shown; other numbers have a minus.
  public enum Negative: String, Sendable, Hashable, CaseIterable {
    /// `-USD 1,234.50`
    case minus
    /// `(USD 1,234.50)`
    case parentheses
  }

  /// As a definition names it.
  public var name: String
  public var decimalMark: String
  /// Between groups of three digits.
  public var groupMark: String
  /// `1.234,56 EUR` instead of `EUR 1.234,56`.
  public var hasCurrencyBehind: Bool
  public var days: DayOrder
  public var negative = Negative.minus

  public static let english = WritingStyle(
    name: "en", decimalMark: ".", groupMark: ",", hasCurrencyBehind: false, days: .iso)

  private static let narrow = "\u{202F}"
  private static let wide = "\u{A0}"

  /// Every style there is, by name.
  public static let all: [WritingStyle] = [
    english,
    WritingStyle(
      name: "en-GB", decimalMark: ".", groupMark: ",", hasCurrencyBehind: false, days: .dayFirst("/")),
    WritingStyle(
      name: "en-US", decimalMark: ".", groupMark: ",", hasCurrencyBehind: false, days: .monthFirst("/")),
    WritingStyle(name: "de", decimalMark: ",", groupMark: ".", hasCurrencyBehind: true, days: .dayFirst(".")),
    WritingStyle(
      name: "de-CH", decimalMark: ".", groupMark: "’", hasCurrencyBehind: false, days: .dayFirst(".")),
    WritingStyle(name: "es", decimalMark: ",", groupMark: ".", hasCurrencyBehind: true, days: .dayFirst("/")),
    WritingStyle(
      name: "fr", decimalMark: ",", groupMark: narrow, hasCurrencyBehind: true, days: .dayFirst("/")),
    WritingStyle(name: "it", decimalMark: ",", groupMark: ".", hasCurrencyBehind: true, days: .dayFirst("/")),
    WritingStyle(
      name: "ja", decimalMark: ".", groupMark: ",", hasCurrencyBehind: false, days: .yearFirst("/")),
    WritingStyle(
      name: "nl", decimalMark: ",", groupMark: ".", hasCurrencyBehind: false, days: .dayFirst("-")),
    WritingStyle(
      name: "pl", decimalMark: ",", groupMark: wide, hasCurrencyBehind: true, days: .dayFirst(".")),
    WritingStyle(
      name: "pt-BR", decimalMark: ",", groupMark: ".", hasCurrencyBehind: false, days: .dayFirst("/")),
    WritingStyle(name: "sv", decimalMark: ",", groupMark: wide, hasCurrencyBehind: true, days: .iso),
  ]

  /// Orders of a day by the pattern that a definition writes.
  public static let dayOrders: [(pattern: String, order: DayOrder)] = [
    ("YYYY-MM-DD", .iso), ("DD.MM.YYYY", .dayFirst(".")), ("DD/MM/YYYY", .dayFirst("/")),
    ("DD-MM-YYYY", .dayFirst("-")),
    ("MM/DD/YYYY", .monthFirst("/")), ("YYYY/MM/DD", .yearFirst("/")),
  ]

  /// Marks between groups by the name a definition gives them; a space is a narrow one at which no line ends.
  public static let groupMarks: [(name: String, mark: String)] = [
    ("comma", ","), ("point", "."), ("space", narrow), ("apostrophe", "’"), ("none", ""),
  ]

  public static let decimalMarks: [(name: String, mark: String)] = [("point", "."), ("comma", ",")]

  public static func named(_ name: String) -> WritingStyle? { all.first { $0.name == name } }

  public func text(_ day: Day) -> String {
    let parts = day.description.split(separator: "-").map(String.init)
    guard parts.count == 3 else { return day.description }
    return switch days {
    case .iso: day.description
    case .dayFirst(let mark): [parts[2], parts[1], parts[0]].joined(separator: mark)
    case .monthFirst(let mark): [parts[1], parts[2], parts[0]].joined(separator: mark)
    case .yearFirst(let mark): parts.joined(separator: mark)
    }
  }
}
