import Model

/// What a template can name, independent of the format.
indirect enum Piece {
  /// Plain text; each format escapes it.
  case text(String)
  case flag(Bool)
  case table(Table)
  case chart(Drawing)
  case whatIf(WhatIf)
  case list([[String: Piece]])

  static func texts(_ texts: [String], as name: String) -> Piece { .list(texts.map { [name: .text($0)] }) }
}

/// The figures of a report one a row, for spreadsheets and other programs.
struct TidyTable {
  enum Field: Hashable {
    /// Text of configuration or customers: made harmless when written.
    case text(String)
    /// A decimal with a point, or a whole number.
    case number(String)
    /// A day or the label of a period: `2024-02-29`, `2024-02`, `2024-Q1`.
    case date(String)
    case empty
  }

  /// `figures`, `bridge`: what its rows are; tables of one name in one report are one file.
  var name = "figures"
  var columns: [String]
  var rows: [[Field]] = []
}
