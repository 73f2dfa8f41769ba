import Model

/// Says in words what a field holds, and what was expected there.
struct FaultSentence {
  let fileKind: FileFormat.Kind
  let numbers: NumberFormat

  /// One sentence without full stop. `found` is the text as it stands in the file or the configuration.
  func problem(_ fault: FieldFault, reader: FieldReader, found: String) -> String {
    let text = quoted(found)
    let subject: String =
      switch reader.mapping.origin {
      case .column(let column): "`\(reader.name)` (\(fileKind == .csv ? "column" : "field") `\(column)`)"
      case .template(let template): "`\(reader.name)` (template `\(template)`)"
      case .constant: "`\(reader.name)` (a constant)"
      }
    return "\(subject) \(predicate(fault, reader, text))"
  }

  private func predicate(_ fault: FieldFault, _ reader: FieldReader, _ text: String) -> String {
    switch fault {
    case .none: "is \(text)"
    case .missing:
      text == "\"\""
        ? "is empty, and every row needs it"
        : "is \(text), which the mapping counts as missing, and every row needs it"
    case .rounded: "is \(text), which a spreadsheet has rounded: several ids may have become this one"
    case .notANumber: "is \(text); expected a number like \(example)"
    case .misplacedSeparator:
      "is \(text), whose separators are not as declared; expected a number like \(example)"
    case .exponentNotation: "is \(text), in exponent notation; expected plain digits like \(example)"
    case .notFinite: "is \(text), which is no amount; expected a number like \(example)"
    case .tooPrecise: "is \(text), with more decimals than can be kept exactly (\(decimals(reader)))"
    case .tooLarge: "is \(text), outside the range that can be kept (up to \(largest(reader)))"
    case .notWhole: "is \(text); expected a whole number"
    case .negative: "is \(text); expected 0 or more"
    case .notPositive: "is \(text); expected more than 0"
    case .badDate: "is \(text); expected \(dateForm(reader))"
    case .impossibleDate: "is \(text), a day or time that does not exist; expected \(dateForm(reader))"
    case .dateOutOfRange: "is \(text), outside the years 1 to 9999; expected \(dateForm(reader))"
    case .startTooEarly: "is \(text), before the year 1900; expected a day since then"
    case .badFlag: "is \(text); expected true or false, yes or no, 1 or 0"
    case .unknownChoice: "is \(text); expected \(choices(reader))"
    case .unmapped: "is \(text), which its `map` does not hold"
    case .refused: "is \(text), beside a field that its `refused` names"
    case .unknownCurrency: "is \(text); expected an ISO 4217 code such as EUR"
    case .currencyMissing: "is \(text) in minor units, but the row has no currency"
    case .currencyConflict: "is \(text), written in another currency than the row's"
    case .endBeforeStart: "is \(text), which lies before the start"
    case .tooLong: "has more than 16 MiB"
    case .noCustomer: "is empty, and so is `subscription`; expected one of them"
    case .noStart: "is empty, and so is `subscription`; expected one of them"
    case .noAmount, .noInterval, .noCurrency: "is empty, and so is `plan`; expected one of them"
    }
  }

  /// What to do about it: nothing that the source declares already.
  func remedy(_ fault: FieldFault, _ mapping: FieldMapping? = nil) -> String {
    switch fault {
    case .unmapped: return mapping?.because ?? fault.name.remedy
    case .exponentNotation: return "Export the column again with all its digits, or correct the row."
    case .notANumber, .misplacedSeparator, .notFinite:
      guard let declared else { return fault.name.remedy }
      return
        "Correct `\(declared)` if the file writes numbers otherwise, list the text under `missing`, or correct the row."
    default: return fault.name.remedy
    }
  }

  /// How the source says that its numbers are written; nil where it says nothing.
  private var declared: String? {
    guard numbers != NumberFormat() else { return nil }
    let thousands = numbers.thousands.map { ", thousands: \"\(Character(UnicodeScalar($0)))\"" } ?? ""
    return "format: {decimal: \"\(Character(UnicodeScalar(numbers.decimalMark)))\"\(thousands)}"
  }

  /// The sentence for a column that has no reader, because it is not mapped.
  func problem(_ fault: FieldFault, unmapped name: String) -> String {
    switch fault {
    case .noCustomer, .noStart: "`\(name)` is not mapped, and `subscription` is empty; expected one of them"
    case .noAmount, .noInterval, .noCurrency:
      "`\(name)` is not mapped, and `plan` is empty; expected one of them"
    case .tooLong: "`\(name)` would have more than 16 MiB"
    default: "`\(name)` is not mapped"
    }
  }

  private var example: String {
    let thousands = numbers.thousands.map { String(UnicodeScalar($0)) } ?? ""
    return "1\(thousands)234\(String(UnicodeScalar(numbers.decimalMark)))56"
  }

  private func decimals(_ reader: FieldReader) -> String {
    switch reader.kind {
    case .rate: "18 digits, 17 of them after the mark"
    case .money where reader.mapping.unit == .minor: "a millionth of the currency's major unit"
    default: "6"
    }
  }

  private func largest(_ reader: FieldReader) -> String {
    switch reader.kind {
    case .integer: "2147483647"
    default: "9223372036854.775807"
    }
  }

  private func dateForm(_ reader: FieldReader) -> String {
    if case .moment(let parser) = reader.kind { parser.reader.expected } else { "a date" }
  }

  private func choices(_ reader: FieldReader) -> String {
    guard case .choice(let parser) = reader.kind else { return "one of its values" }
    return "one of " + parser.names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
  }

}

/// A value of the data, in double quotes; quotes inside become single ones, so that a masked text stays
/// masked to its end.
func quoted(_ text: String) -> String {
  let shown = text.count > 60 ? text.prefix(57) + "..." : text[...]
  return "\"" + String(shown.map { $0 == "\"" ? "'" : $0 }) + "\""
}
