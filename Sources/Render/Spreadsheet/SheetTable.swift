import CXlsxWriter
import Model

/// Writes a table of a report onto a sheet.
struct SheetTable {
  let workbook: Workbook
  let sheet: UnsafeMutablePointer<lxw_worksheet>
  /// Widths in characters, by column; they grow with what is written.
  var widths: [Int: Int] = [:]

  /// Where the values of a column stand.
  struct Columns {
    var first: UInt32
    var last: UInt32
    /// Of each column of the table its column on the sheet: details have columns of their own.
    var positions: [UInt16]
  }

  /// Head and rows from `row` on.
  mutating func write(_ table: Table, at row: UInt32) -> Columns {
    let count = table.columns.count
    let hasDetail = (0..<count).map { column in
      table.rows.contains { column < $0.cells.count && $0.cells[column].detail != nil }
    }
    let hasNotes = table.rows.contains { $0.cells.contains { !$0.notes.isEmpty } }
    var positions: [UInt16] = []
    var next: UInt16 = 0
    for column in 0..<count {
      positions.append(next)
      next += hasDetail[column] ? 2 : 1
    }
    for (column, position) in zip(table.columns, positions) {
      // What is noted of a whole column is noted in its head: the notes beside the rows are of single figures.
      let notes = column.notes.map { " [\($0)]" }.joined()
      head(column.title + notes, row, position, isNumber: column.isNumber)
    }
    for column in 0..<count where hasDetail[column] {
      head("\(table.columns[column].title): detail", row, positions[column] + 1, isNumber: false)
    }
    if hasNotes { head("Notes", row, next, isNumber: false) }
    for (number, line) in table.rows.enumerated() {
      let place = row + 1 + UInt32(number)
      for (column, cell) in line.cells.enumerated() where column < count {
        write(cell, place, positions[column], line.emphasis, isNumber: table.columns[column].isNumber)
        if let detail = cell.detail {
          text(detail, place, positions[column] + 1, look(line.emphasis, cell, isRight: false))
        }
      }
      let notes = line.cells.flatMap(\.notes)
      if !notes.isEmpty {
        var seen: Set<Int> = []
        let numbers = notes.filter { seen.insert($0).inserted }.map(String.init)
        text(numbers.joined(separator: ", "), place, next, look(line.emphasis, Cell(""), isRight: false))
      }
    }
    return Columns(first: row + 1, last: row + UInt32(max(1, table.rows.count)), positions: positions)
  }

  mutating func head(_ title: String, _ row: UInt32, _ column: UInt16, isNumber: Bool) {
    let look = Workbook.Look(
      isBold: true, isWrapped: true, isRight: isNumber, hasLineBelow: true, fill: 0xE3ECF5)
    text(title, row, column, look, widest: 18)
  }

  /// A text is written as one whatever it looks like: `=1+1` is no formula here.
  mutating func text(
    _ text: String, _ row: UInt32, _ column: UInt16, _ look: Workbook.Look, widest: Int = 48
  ) {
    worksheet_write_string(sheet, row, column, Self.cellText(text), workbook.format(look))
    widen(column, min(widest, text.count))
  }

  /// Lays the widths down; to be called once, at the end.
  func setWidths() {
    for (column, width) in widths.sorted(by: { $0.key < $1.key }) {
      worksheet_set_column(sheet, UInt16(column), UInt16(column), Double(max(9, width)) + 2, nil)
    }
  }

  private mutating func widen(_ column: UInt16, _ width: Int) {
    widths[Int(column)] = max(widths[Int(column)] ?? 0, width)
  }

  private mutating func write(
    _ cell: Cell, _ row: UInt32, _ column: UInt16, _ emphasis: Table.Emphasis, isNumber: Bool
  ) {
    var look = look(emphasis, cell, isRight: isNumber)
    switch cell.value {
    case .empty: worksheet_write_blank(sheet, row, column, workbook.format(look))
    case .text, .missing: text(cell.text, row, column, look)
    case .number(let quantity, _, let decimals):
      look.numberFormat = NumberFormat.code(
        quantity.unit, decimals: decimals, shown: cell.text, isNegative: quantity.number < 0)
      number(quantity.nearest, row, column, look, shown: cell.text)
    case .month(let month):
      look.isRight = false
      look.isLeft = true
      date(month.firstDay, NumberFormat.month, row, column, look, cell.text)
    case .day(let day): date(day, NumberFormat.day, row, column, look, cell.text)
    }
  }

  mutating func number(
    _ value: Double, _ row: UInt32, _ column: UInt16, _ look: Workbook.Look, shown: String
  ) {
    worksheet_write_number(sheet, row, column, value, workbook.format(look))
    widen(column, shown.count)
  }

  private mutating func date(
    _ day: Day, _ code: String, _ row: UInt32, _ column: UInt16, _ look: Workbook.Look, _ shown: String
  ) {
    guard let serial = NumberFormat.serial(day) else { return text(shown, row, column, look) }
    var look = look
    look.numberFormat = code
    number(serial, row, column, look, shown: shown)
  }

  private func look(_ emphasis: Table.Emphasis, _ cell: Cell, isRight: Bool) -> Workbook.Look {
    var look = Workbook.Look(isRight: isRight)
    switch emphasis {
    case .none: break
    case .rest:
      look.isItalic = true
      look.isQuiet = true
    case .total:
      look.isBold = true
      look.hasLineAbove = true
    }
    switch cell.tone {
    case .neutral: break
    case .good: look.color = 0x17663A
    case .bad: look.color = 0xA4262C
    }
    if case .missing = cell.value { look.isQuiet = true }
    if let heat = cell.heat {
      let shade = Int((min(1, max(0, heat)) * 10).rounded())
      look.fill = Self.shades[shade]
      if shade >= 9 { look.color = 0xFFFFFF }
    }
    return look
  }

  /// As the style sheet has them.
  private static let shades: [UInt32] = [
    0xF3F7FB, 0xE8F0F8, 0xDCE8F4, 0xCDDFF0, 0xBCD4EA, 0xA8C8E4, 0x92BADC, 0x7AABD3, 0x5F99C8, 0x2F76B3,
    0x1B5C99,
  ]

  /// What a cell can hold: 32,767 characters, none that ends a text in C or that XML has no form for.
  static func cellText(_ text: String) -> String {
    let harmless = String(
      String.UnicodeScalarView(
        text.replacing("\r\n", with: "\n").unicodeScalars.filter {
          $0.value != 0 && $0.value != 0xFFFE && $0.value != 0xFFFF
        }))
    guard harmless.utf16.count > 32_767 else { return harmless }
    return String(harmless.prefix(16_000)) + "…"
  }
}

extension Quantity {
  /// The nearest number a spreadsheet can hold, which keeps fifteen digits.
  var nearest: Double { Double(exactDecimalText(number, scale: scale)) ?? 0 }
}
