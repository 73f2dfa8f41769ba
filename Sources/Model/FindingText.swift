/// How a finding is told to people: in a terminal, a log or a report's appendix.
///
/// ```
/// Config/policy.yml:4:3: error: no policy key is named `trails` [unknown-key]
///     trails: exclude
///     ^
///   the preset's answer stays
///   did you mean `trials`?
/// ```
extension Finding {
  /// Characters of an excerpt that are shown; a longer line is cut around the caret.
  private static let excerptWidth = 100

  /// The whole finding, several lines without a final line break.
  ///
  /// With `masked`, customer data is made unreadable: letters and digits of an excerpt become `x` and `0`, and so do
  /// texts in double quotes (the convention for values of the data; names stand in backticks). The shape stays, so that
  /// a wrong separator or a missing digit can still be seen. Configuration files are never masked.
  public func text(masked: Bool = false) -> String {
    let mask = masked && !isAboutConfiguration
    var lines = [headline(masked: mask)]
    if let excerpt {
      let window = Self.window(of: excerpt, around: place?.column)
      lines.append("    " + (mask ? Self.maskedText(window.text) : window.text))
      if let caret = window.caret { lines.append("    " + String(repeating: " ", count: caret) + "^") }
    }
    for line in [consequence, remedy].compactMap({ $0 }) {
      let shown = mask ? Self.maskingQuotes(in: line) : line
      lines += shown.split(separator: "\n", omittingEmptySubsequences: false).map {
        "  " + Self.printable($0)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The first line alone: `file:line:column: severity: problem [name]`.
  public func headline(masked: Bool = false) -> String {
    let mask = masked && !isAboutConfiguration
    let said = mask ? Self.maskingQuotes(in: problem) : problem
    return (place.map { "\($0): " } ?? "") + "\(severity.rawValue): \(Self.printable(said[...])) [\(name)]"
  }

  private var isAboutConfiguration: Bool {
    guard let file = place?.file else { return false }
    return [".yml", ".yaml", ".mustache"].contains { file.hasSuffix($0) }
  }

  /// The part of the line that is shown, and how many characters stand before the caret in it.
  private static func window(of excerpt: String, around column: Int?) -> (text: String, caret: Int?) {
    let characters = Array(printable(excerpt[...]))
    let target = column.flatMap { (1...characters.count + 1).contains($0) ? $0 - 1 : nil }
    guard characters.count > excerptWidth else { return (String(characters), target) }
    let first = min(max(0, (target ?? 0) - excerptWidth / 2), characters.count - excerptWidth)
    let last = first + excerptWidth
    let text =
      (first > 0 ? "…" : "") + String(characters[first..<last]) + (last < characters.count ? "…" : "")
    return (text, target.map { $0 - first + (first > 0 ? 1 : 0) })
  }

  /// Control characters, which data may carry to play tricks on a terminal, become `·`; a tab one space.
  private static func printable(_ text: Substring) -> String {
    String(
      text.map { character in
        if character == "\t" { return " " }
        return character.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
          ? "·" : character
      })
  }

  private static func maskedText(_ text: String) -> String {
    String(text.map { $0.isNumber ? "0" : $0.isLetter ? "x" : $0 })
  }

  /// A problem's sentence with what stands in quotes made unreadable, as ``headline(masked:)`` tells it.
  public static func maskingQuotes(in text: String) -> String {
    let parts = text.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in index % 2 == 1 ? maskedText(String(part)) : String(part) }
      .joined(separator: "\"")
  }
}
