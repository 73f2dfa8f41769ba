import Model

/// What every report has around its content: title, state, notes, and what the figures rest on.
enum ReportFrame {
  static func pieces(_ index: FigureIndex, _ definition: ReportDefinition, _ footnotes: Footnotes) -> [String:
    Piece]
  {
    let data = index.data
    return [
      "title": .text(definition.title),
      "audience": .text(definition.audience),
      "has_audience": .flag(!definition.audience.isEmpty),
      "company": .text(data.company),
      "month": .text(data.month.longName),
      "currency": .text(data.currency.code),
      "is_provisional": .flag(data.provisionalMonths.contains(data.month)),
      "notes": .list(
        footnotes.texts.enumerated().map { ["number": .text("\($0.offset + 1)"), "note": .text($0.element)] }),
      "has_notes": .flag(!footnotes.texts.isEmpty),
      "basis": .list(
        ReportBasis(index).lines.map { ["basis_label": .text($0.label), "basis_text": .text($0.text)] }),
    ]
  }
}
