import Model

/// What a template can name, independent of the format.
indirect enum Piece {
  /// Plain text; each format escapes it.
  case text(String)
  case flag(Bool)
  case table(Table)
  case chart(Drawing)
  case list([[String: Piece]])

  static func texts(_ texts: [String], as name: String) -> Piece { .list(texts.map { [name: .text($0)] }) }
}

/// One report before it has a format: named pieces for the templates, and the tidy table of its figures.
struct ReportContent {
  var pieces: [String: Piece] = [:]
  var figures: TidyTable
  var findings: [Finding] = []
}

/// The figures of a report one a row, for spreadsheets and other programs.
struct TidyTable {
  enum Field {
    /// Text of configuration or customers: made harmless when written.
    case text(String)
    /// A decimal with a point, or a whole number.
    case number(String)
    /// A day or the label of a period: `2024-02-29`, `2024-02`, `2024-Q1`.
    case date(String)
    case empty
  }

  var columns: [String]
  var rows: [[Field]] = []
}
