import Model

/// Tables as a telephone has room for: many mail programs do not move what is wider, they cut it.
enum PhoneTable {
  /// What a telephone of 390 points leaves beside the margins of a mail.
  private static let room = 346.0
  /// Room behind a cell.
  private static let gap = 6.0
  /// Of the widest letters a mail is shown with: theirs are a tenth narrower when they are not bold.
  private static let lightness = 0.9
  /// Of a column of words: what keeps a sentence from standing one word a line.
  private static let words = 96

  /// The table with amounts in short and without the columns there is no room for, and how many those are.
  ///
  /// Columns of the highest rank go first, and of those the last; the first column and one beside it stay.
  static func fitted(_ table: Table) -> (table: Table, left: Int) {
    guard !fits(table) else { return (table, 0) }
    var table = table
    for row in table.rows.indices { table.rows[row].cells = table.rows[row].cells.map(short) }
    var left = 0
    while !fits(table), table.columns.count > 2 {
      let highest = table.columns.dropFirst().map(\.rank).max() ?? 0
      guard let gone = table.columns.lastIndex(where: { $0.rank == highest }), gone > 0 else { break }
      table.columns.remove(at: gone)
      for row in table.rows.indices where gone < table.rows[row].cells.count {
        table.rows[row].cells.remove(at: gone)
      }
      left += 1
    }
    return (table, left)
  }

  /// The least width of a column of words; nil of others.
  static func least(_ column: Int, _ table: Table) -> Int? {
    guard column > 0, !table.columns[column].isNumber,
      table.rows.contains(where: { column < $0.cells.count && $0.cells[column].text.count > 24 })
    else { return nil }
    return words
  }

  private static func fits(_ table: Table) -> Bool {
    let widths = table.columns.indices.map { width(of: $0, table) }
    return widths.reduce(0, +) + gap * Double(widths.count) <= room
  }

  private static func width(of column: Int, _ table: Table) -> Double {
    let cells = table.rows.compactMap { row in
      column < row.cells.count ? (row.cells[column], row.emphasis) : nil
    }
    let widest = cells.map { cell, emphasis in
      let notes = LetterWidths.bold(cell.notes.map(String.init).joined(separator: ", "), size: 10)
      return max(
        unbroken(cell.text, size: 14, isBold: emphasis == .total) + notes,
        unbroken(cell.detail ?? "", size: 12, isBold: false))
    }.max()
    return max(
      unbroken(table.columns[column].title, size: 12, isBold: false), widest ?? 0,
      least(column, table).map(Double.init) ?? 0)
  }

  /// The longest part of a text that has no place to break.
  private static func unbroken(_ text: String, size: Double, isBold: Bool) -> Double {
    let parts = typeset(plainText(text)).split(separator: " ").map {
      LetterWidths.bold(String($0), size: size)
    }
    return (parts.max() ?? 0) * (isBold ? 1 : lightness)
  }

  /// An amount with three digits: `2.85 M`.
  private static func short(_ cell: Cell) -> Cell {
    guard case .number(let quantity, let currency?, _) = cell.value, quantity.unit == .money,
      let first = cell.text.first,
      first.isNumber || "+-(".contains(first) || cell.text.hasPrefix(currency.code)
    else { return cell }
    var cell = cell
    let text = WrittenStyle.bracketed(abbreviatedMoneyText(Int64(clamping: quantity.number)))
    cell.text = (first == "+" && quantity.number > 0 ? "+" : "") + text
    return cell
  }
}
