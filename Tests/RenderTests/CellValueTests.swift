import Model
import Testing

@testable import Render

private let usd = Currency("USD")!
private let jpy = Currency("JPY")!

@Suite struct CellValueTests {
  @Test func anAmountCarriesEveryDigitThatItsTextRoundsAway() {
    let cell = Cell.money(Int64(1_234_567_891), usd)
    #expect(cell.text == "1,234.57")
    #expect(
      cell.value
        == .number(Quantity(number: 1_234_567_891, unit: .money), currency: usd, decimals: 2))
    #expect(Cell.money(Int64(1_500_000), jpy).text == "2")
  }

  @Test func aShareIsExactToTwelveDecimalsAndKeepsItsSign() {
    let third = Cell.share(Int64(1), of: Int64(3))
    #expect(third.text == "33.3 %")
    #expect(
      third.value
        == .number(Quantity(number: 333_333_333_333, unit: .percent), currency: nil, decimals: 1))
    #expect(Cell.share(Int64(1), of: Int64(-4)).text == "-25.0 %")
    #expect(Cell.share(Int64(-1), of: Int64(-4)).text == "25.0 %")
  }

  @Test func aShareOfNothingIsMissingAndSaysWhy() {
    let cell = Cell.share(Int64(5), of: Int64(0))
    #expect(cell.text == "n/a")
    #expect(cell.value == .missing(reason: "the whole is zero"))
  }

  @Test func aTextIsItsOwnValueAndABlankHasNone() {
    #expect(Cell("Acme").value == .text)
    #expect(Cell.blank.value == .empty)
  }

  @Test(arguments: shippedReports)
  func everyNumberShownInATableHasItsValue(_ kind: String) {
    let data = SampleCompany.small.reportData(dimensions: [
      "country", "employees_band", "arr_band", "plan", "currency",
    ])
    let definition = shipped(kind)
    let report = ReportBuilder.report(definition, FigureIndex(data, months: definition.months))
    let tables = report.sections.flatMap(\.tables)
    #expect(!tables.isEmpty || !report.omissions.isEmpty)
    for table in tables {
      for row in table.rows {
        for (column, cell) in zip(table.columns, row.cells) where column.isNumber {
          switch cell.value {
          case .number(let quantity, _, _): #expect(quantity.number == 0 || cell.text != "n/a")
          case .missing(let reason): #expect(cell.text == "n/a" && !reason.isEmpty)
          case .empty: #expect(cell.text.isEmpty)
          case .text, .month, .day:
            Issue.record("\(table.caption), \(column.title): '\(cell.text)' has no number")
          }
        }
      }
    }
  }
}
