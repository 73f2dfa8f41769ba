import Model

/// A report as templates name it.
enum ReportPieces {
  static func of(_ report: Report) -> [String: Piece] {
    var pieces = ReportFrame.pieces(report)
    let hasParts = report.sections.contains { $0.part != nil }
    pieces["is_wide"] = .flag(report.isWide)
    pieces["sections"] = .list(report.sections.map { piece($0, hasParts: hasParts) })
    pieces["has_contents"] = .flag(hasParts)
    pieces["contents"] = .list(
      report.sections.compactMap { section in
        section.part.map { ["entry": .text($0), "entry_id": .text(section.id)] }
      })
    pieces["omissions"] = .texts(report.omissions, as: "omission")
    pieces["has_omissions"] = .flag(!report.omissions.isEmpty)
    return pieces
  }

  private static func piece(_ section: ReportSection, hasParts: Bool) -> [String: Piece] {
    [
      "id": .text(section.id),
      "kind": .text(section.kind.rawValue),
      "has_heading": .flag(section.title != nil),
      "heading": .text(section.title ?? ""),
      "level": .text(hasParts ? "3" : "2"),
      "is_part": .flag(section.part != nil),
      "part": .text(section.part ?? ""),
      "blocks": .list(section.blocks.map { piece($0, in: section.id) }),
    ]
  }

  /// Every name is there, whatever the block is: a template asks `is_table` before it takes `table`.
  private static func piece(_ block: ReportSection.Block, in section: String) -> [String: Piece] {
    var pieces: [String: Piece] = [
      "is_tiles": .flag(false), "is_sentences": .flag(false), "is_text": .flag(false),
      "is_table": .flag(false), "is_chart": .flag(false), "is_tall": .flag(false),
      "has_chart_table": .flag(false), "tiles": .list([]), "text": .text(""), "table": .text(""),
      "chart": .text(""), "has_picture": .flag(false), "chart_table": .text(""), "sentences": .list([]),
      "is_what_if": .flag(false), "what_if": .text(""),
    ]
    switch block {
    case .tiles(let tiles):
      pieces["is_tiles"] = .flag(true)
      pieces["tiles"] = .list(tiles.map(piece))
    case .sentences(let sentences):
      pieces["is_sentences"] = .flag(true)
      pieces["text"] = .text(sentences.joined(separator: " "))
      pieces["sentences"] = .texts(sentences, as: "sentence")
    case .text(let text):
      pieces["is_text"] = .flag(true)
      pieces["text"] = .text(text)
    case .table(let table):
      pieces["is_table"] = .flag(true)
      pieces["table"] = .table(table)
    case .whatIf(let panel):
      pieces["is_what_if"] = .flag(true)
      pieces["text"] = .text(panel.sentence)
      pieces["what_if"] = .whatIf(panel)
    case .chart(let chart):
      pieces["is_chart"] = .flag(true)
      var drawing = chart.drawing
      drawing.place = section
      pieces["chart"] = .chart(drawing)
      pieces["has_picture"] = .flag(drawing.picture != nil)
      pieces["is_tall"] = .flag(chart.isTall)
      if let table = chart.table {
        pieces["has_chart_table"] = .flag(true)
        pieces["chart_table"] = .table(table)
      }
    }
    return pieces
  }

  private static func piece(_ tile: Tile) -> [String: Piece] {
    [
      "tile_title": .text(tile.title), "tile_value": .text(tile.value),
      "tile_notes": .list(tile.notes.map { ["tile_note": .text("\($0)")] }),
      "against": .list(
        tile.against.map {
          [
            "against_text": .text($0.text), "against_tone": .text($0.tone.rawValue),
            "against_period": .text($0.period),
          ]
        }),
    ]
  }
}
