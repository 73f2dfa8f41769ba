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
