import Model

/// What every report has around its content: title, state, notes, and what the figures rest on.
enum ReportFrame {
  static func pieces(_ report: Report) -> [String: Piece] {
    [
      "title": .text(report.title),
      "audience": .text(report.audience),
      "has_audience": .flag(!report.audience.isEmpty),
      "company": .text(report.company),
      "month": .text(report.month.longName),
      "running_title": .text(
        styleText("\(plainText(report.company)), \(plainText(report.title)), \(report.month.longName)")),
      "currency": .text(report.currency.code),
      "is_provisional": .flag(report.isProvisional),
      // The page's script reads and writes numbers as the report does.
      "decimal_mark": .text(WrittenStyle.current.decimalMark),
      "group_mark": .text(WrittenStyle.current.groupMark),
      "notes": .list(
        report.notes.enumerated().map { ["number": .text("\($0.offset + 1)"), "note": .text($0.element)] }),
      "has_notes": .flag(!report.notes.isEmpty),
      "basis": .list(report.basis.map { ["basis_label": .text($0.label), "basis_text": .text($0.text)] }),
    ]
  }
}

/// A text for between the quotes of a style sheet: whatever could end it there is written as its number.
private func styleText(_ text: String) -> String {
  text.unicodeScalars.map { scalar in
    let isPlain =
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || " ,.".unicodeScalars.contains(scalar)
    if isPlain || !scalar.isASCII { return String(scalar) }
    let digits = String(scalar.value, radix: 16)
    return "\\" + String(repeating: "0", count: 6 - digits.count) + digits
  }.joined()
}
