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
    /// An amount in micro-units as an exact decimal of the major unit, of whose trailing zeros so many decimals are kept.
    case micros(Int64, leastDigits: Int)
    /// A day or the label of a period: `2024-02-29`, `2024-02`, `2024-Q1`.
    case date(String)
    case empty

    /// What programs read; nil where there is nothing.
    var plain: String? {
      switch self {
      case .text(let text), .number(let text), .date(let text): text
      case .micros(let micros, let digits): exactDecimalText(Int128(micros), scale: 6, leastDigits: digits)
      case .empty: nil
      }
    }
  }

  /// `figures`, `bridge`: what its rows are; tables of one name in one report are one file.
  var name = "figures"
  var columns: [String]
  var rows = Rows()

  /// Rows that stand, or that are made each when it is asked for: of movements there can be hundreds of thousands, whose fields take
  /// longer to keep than to write.
  struct Rows: RandomAccessCollection {
    private var standing: [[Field]] = []
    private var asked: (count: Int, row: (Int) -> [Field])?

    init(_ rows: [[Field]] = []) { standing = rows }

    init(count: Int, _ row: @escaping (Int) -> [Field]) { asked = (count, row) }

    var startIndex: Int { 0 }
    var endIndex: Int { asked?.count ?? standing.count }
    subscript(position: Int) -> [Field] { asked?.row(position) ?? standing[position] }

    mutating func append(_ row: [Field]) {
      if asked != nil { self = Rows(Array(self)) }
      standing.append(row)
    }
  }
}
