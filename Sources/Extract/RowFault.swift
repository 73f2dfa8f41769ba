/// Why a row cannot become a record, and where.
struct RowFault {
  enum Kind {
    case openQuote, textAfterQuote
    /// Like `textAfterQuote`, with line breaks between the quotes: the opening quote is the likelier mistake.
    case textAfterBrokenQuote
    case short, long, notText, nul, tooLong
  }

  var kind: Kind
  /// Offset of what is wrong.
  var at: Int
  /// Offset of the quote that opens the faulty field.
  var opened = 0
  var fields = 0
  var width = 0
  /// Lines the row runs over.
  var lines = 1

  /// Stable name in `quarantined_row`.
  var name: ExtractFinding {
    switch kind {
    case .openQuote, .textAfterBrokenQuote: .openQuote
    case .textAfterQuote: .textAfterQuote
    case .short: .shortRow
    case .long: .longRow
    case .notText: .notText
    case .nul: .nulByte
    case .tooLong: .rowTooLong
    }
  }

  var reason: String {
    let spread = lines > 1 ? "; with its quoted line breaks the row runs over \(lines) lines" : ""
    return switch kind {
    case .openQuote:
      "the quote that opens here is never closed; only this line is set aside, reading went on with the next one"
    case .textAfterBrokenQuote:
      "the quote that opens here is closed on a later line, with other text behind it; only this line is set aside, "
        + "reading went on with the next one"
    case .textAfterQuote: "text follows the closing quote; a quote inside of quotes must be escaped"
    case .short: "\(Self.counted(fields)), \(width) expected" + spread
    case .long: "\(Self.counted(fields)), \(width) expected; the first one too many is here" + spread
    case .notText: "bytes that are not text in the file's encoding"
    case .nul: "a NUL byte, as damaged files have them"
    case .tooLong: "the row is longer than a row can be; it is left out to the end of its line"
    }
  }

  private static func counted(_ fields: Int) -> String {
    fields == 1 ? "1 field" : "\(fields) fields"
  }
}
