import Foundation
import LoopbackServers
import Model
import Project
import Testing

@testable import Render

private func documents(
  _ sections: [SectionDefinition], _ data: ReportData, style: WritingStyle? = nil
) -> [ReportDefinition.Format: String] {
  let definition = ReportDefinition(
    name: "shown", title: "Shown", formats: [.markdown, .html, .csv, .json], style: style,
    sections: sections, place: Place(file: "Reports/shown.yml"))
  return Dictionary(
    render(definition, data, templates: builtInTemplates).documents.map { ($0.format, $0.text) }
  ) { first, _ in first }
}

private func figures(_ metrics: String...) -> SectionDefinition {
  var section = SectionDefinition(.figures, place: Place(file: "Reports/shown.yml"))
  section.metrics = metrics.map { .init($0, at: section.place) }
  return section
}

/// Sets a figure of the reported month, and of the month before.
private func set(_ metric: String, _ value: MetricValue, in data: inout ReportData) {
  for index in data.figures.indices
  where data.figures[index].metric == metric && data.figures[index].segment == .all
    && data.figures[index].period.grain == .month && data.figures[index].period.last == data.month
  {
    data.figures[index].value = value
  }
}

@Suite struct EveryFormatTests {
  @Test(arguments: [
    ("JPY", "-1,235", "-1234.567891", 0), ("USD", "-1,234.57", "-1234.567891", 2),
    ("KWD", "-1,234.568", "-1234.567891", 3),
  ])
  func anAmountHasTheDecimalsOfItsCurrencyInEveryFormat(
    _ code: String, _ shown: String, _ exact: String, _ decimals: Int
  ) throws {
    var data = ReportCase.everyMovement.data.inCurrency(code)
    set("mrr_net_new", .money(-1_234_567_891), in: &data)
    let made = documents([figures("mrr_net_new")], data)
    #expect(try #require(made[.markdown]).contains(" \(shown) |"))
    #expect(
      try #require(made[.html]).replacing("\u{A0}", with: " ").contains(">\u{2212}\(shown.dropFirst())<"))
    #expect(try #require(made[.html]).contains("amounts in \(code)"))
    #expect(try #require(made[.csv]).contains("mrr_net_new"))
    #expect(try #require(made[.csv]).contains("money,\(code),\(exact),"))
    let cells = try JSONReading.of(Array(try #require(made[.json]).utf8)).blocks.flatMap(\.shownRows)
      .flatMap(\.cells)
    let cell = try #require(cells.first { $0.text == shown })
    #expect(cell.value?.text == exact && cell.decimals == decimals)
    let places = decimals == 0 ? "" : "." + String(repeating: "0", count: decimals)
    #expect(NumberFormat.code(.money, decimals: decimals, shown: shown) == "#,##0" + places)
  }

  /// A spreadsheet writes the sign of -0.0004 before 0.0 %.
  @Test func aSpreadsheetShowsNoSignBeforeWhatIsZeroAsPrinted() {
    func code(_ unit: Quantity.Unit, _ decimals: Int, _ shown: String) -> String {
      NumberFormat.code(unit, decimals: decimals, shown: shown, isNegative: true)
    }
    #expect(code(.percent, 1, "0.0 pp") == "0.0%\" points\";0.0%\" points\"")
    #expect(code(.money, 2, "0.00") == "#,##0.00;#,##0.00")
    #expect(code(.money, 2, "-0.10") == "#,##0.00")
  }

  @Test func zeroIsZeroAndNullIsToldWithItsReasonInEveryFormat() throws {
    var data = ReportCase.everyMovement.data
    set("mrr_net_new", .money(0), in: &data)
    set("arpa", .null("nobody is a customer"), in: &data)
    let made = documents([figures("mrr_net_new", "arpa")], data)
    let markdown = try #require(made[.markdown])
    #expect(markdown.contains(" 0.00 |") && markdown.contains("n/a[^"))
    #expect(markdown.contains("n/a: nobody is a customer."))
    #expect(try #require(made[.html]).replacing("\u{A0}", with: " ").contains("n/a: nobody is a customer."))
    #expect(try #require(made[.html]).replacing("\u{A0}", with: " ").contains(">0.00<"))
    let lines = try #require(made[.csv]).split(whereSeparator: \.isNewline).map(String.init)
    let month = "\(data.month)"
    #expect(lines.contains { $0.hasPrefix(month) && $0.contains("mrr_net_new") && $0.contains(",USD,0.00,") })
    #expect(
      lines.contains { $0.hasPrefix(month) && $0.contains("arpa") && $0.contains("nobody is a customer") })
    let json = try #require(made[.json])
    #expect(
      json.contains("\"reason\": \"nobody is a customer\"")
        || json.contains("\"reason\":\"nobody is a customer\""))
  }

  @Test func amountsBelowZeroStandInParenthesesWhereTheStyleSaysSo() throws {
    var data = ReportCase.everyMovement.data
    set("mrr_net_new", .money(-1_234_567_891), in: &data)
    set("gross_mrr_churn_rate", .ratio(numerator: -1, denominator: 8), in: &data)
    var style = WritingStyle.english
    style.negative = .parentheses
    let made = documents([figures("mrr_net_new", "gross_mrr_churn_rate")], data, style: style)
    #expect(try #require(made[.markdown]).contains(" (1,234.57) |"))
    #expect(try #require(made[.markdown]).contains("-12.50 %"), "only money")
    #expect(try #require(made[.html]).replacing("\u{A0}", with: " ").contains(">(1,234.57)<"))
    #expect(try #require(made[.csv]).contains(",-1234.567891,"))
    WrittenStyle.$current.withValue(style) {
      #expect(NumberFormat.code(.money, decimals: 2, shown: "(1,234.57)") == "#,##0.00;(#,##0.00)")
      #expect(NumberFormat.code(.money, decimals: 2, shown: "+1.00") == "+#,##0.00;(#,##0.00);#,##0.00")
      #expect(Cell.money(Int64(-5_000_000), Currency("USD")!).text == "(5.00)")
      #expect(Cell.money(Int64(-1000), Currency("USD")!).text == "0.00", "nothing is never less than nothing")
    }
  }

  @Test(arguments: [
    (0, "USD 0"), (950_000_000, "USD 950"), (999_500_000, "USD 1.00 k"), (1_000_000_000, "USD 1.00 k"),
    (-25_560_000_000, "-USD 25.6 k"), (999_950_000_000, "USD 1.00 M"), (2_710_391_000_000, "USD 2.71 M"),
    (4_000_000_000_000_000, "USD 4.00 bn"),
  ])
  func headlinesHaveThreeDigits(_ micros: Int64, _ text: String) throws {
    #expect(Quantity(number: Int128(micros), unit: .money).headline(try #require(Currency("USD"))) == text)
  }

  @Test func aLineOfMonthsTellsItsEndsAndItsExtremes() throws {
    let data = ReportCase.everyMovement.data
    let html = try #require(documents([figures("mrr")], data)[.html]).replacing("\u{A0}", with: " ")
    #expect(html.contains("class=\"spark\""))
    #expect(html.contains("aria-label=\"From USD ") && html.contains("; lowest USD "))
    // Formats that draw nothing say nothing of it.
    #expect(!(try #require(documents([figures("mrr")], data)[.markdown])).contains("lowest"))
    // Two months are no line.
    let short = try #require(documents([figures("mrr")], ReportCase.firstMonth.data)[.html])
    #expect(!short.contains("class=\"spark\""))
  }
}
