import Model
import Project
import Testing

@testable import Render

/// The small company with a budget, an entry made by hand, a forecast and reasons for leaving.
private var noted: ReportData {
  var data = SampleCompany.small.reportData(dimensions: [])
  data.notes.budgets = [
    BudgetLine(month: data.month, metric: "customers", segment: .all, planned: .count(4))
  ]
  data.notes.adjustments = [
    AdjustmentLine(
      month: data.month, metric: "mrr_net_new", customer: 3, amount: -12_340_000, native: -12_340_000,
      currency: data.currency, author: "ann", reason: "<b>late</b> | invoice")
  ]
  data.notes.customerNames = [3: "Carver"]
  data.notes.forecasts = [
    ForecastLine(
      made: data.month, month: data.month + 1, low: 1_000_000, expected: 2_000_000, high: 3_000_000)
  ]
  data.notes.churnReasons = [
    ChurnReasonLine(month: data.month - 1, reason: "gone", customers: 1, mrr: 5_000_000),
    ChurnReasonLine(month: data.month, reason: "price", customers: 1, mrr: 350_000_000),
  ]
  return data
}

@Test func aBudgetStandsBesideTheActual() throws {
  let text = try rendered("executive_summary", noted, .markdown)
  let head = try #require(text.split(separator: "\n").first { $0.hasPrefix("| Metric") })
  #expect(head.contains("Budget") && head.contains("Against it"))
  let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("| Customers") })
  #expect(row.hasSuffix("|      4 | +1 (▲ +25.0 % better) |"))
  let without = try rendered("executive_summary", SampleCompany.small.reportData(dimensions: []), .markdown)
  #expect(!without.contains("Budget"))
}

@Test(arguments: [ReportDefinition.Format.markdown, .html])
func anEntryMadeByHandIsALineOfItsOwn(_ format: ReportDefinition.Format) throws {
  let text = try rendered("executive_summary", noted, format)
  #expect(
    text.contains("Adjustments not in the figures") && text.contains("Carver") && text.contains("12.34"))
  #expect(!text.contains("<b>late"))
  #expect(text.contains("Forecast"))
  let without = try rendered("executive_summary", SampleCompany.small.reportData(dimensions: []), format)
  #expect(!without.contains("Adjustments not") && !without.contains("like the last six months"))
}

@Test func reasonsForLeavingStandInTheRetentionReportAndItsFile() throws {
  let text = try rendered("retention", noted, .markdown)
  #expect(text.contains("Why customers left") && text.contains("price") && !text.contains("gone"))
  let file = try rendered("retention", noted, .csv)
  #expect(file.contains("mrr_churn,churn_reason,price") && file.contains("mrr_churn,churn_reason,gone"))
  #expect(
    try !rendered("retention", SampleCompany.small.reportData(dimensions: []), .csv).contains("churn_reason"))
}

extension ReportData {
  /// With that many customers that left in the month.
  fileprivate func churned(_ customers: Int64) -> ReportData {
    var data = self
    let period = Period(grain: .month, first: month, last: month, label: month.description)
    data.figures.removeAll { $0.metric == "customers_churned" }
    data.figures.append(
      Figure(
        period: period, metric: "customers_churned", segment: .all, currency: currency,
        valuation: .asReported,
        value: .count(customers), grade: .exact, state: .closed))
    return data
  }
}

@Test func reasonsAreInWordsAndAddUp() throws {
  var data = noted.churned(26)
  data.notes.churnReasons = [
    ChurnReasonLine(month: data.month, reason: "(none)", customers: 18, mrr: 300_000_000),
    ChurnReasonLine(month: data.month, reason: "cancellation_requested", customers: 7, mrr: 100_000_000),
    ChurnReasonLine(month: data.month, reason: "moved to FOO_BAR", customers: 1, mrr: 0),
  ]
  let table = try #require(NoteTables.churnReasons(FigureIndex(data)))
  #expect(
    table.rows.map { $0.cells.map(\.text) } == [
      ["no reason given", "18", "300.00", "75.0 %"], ["cancellation requested", "7", "100.00", "25.0 %"],
      ["moved to FOO_BAR", "1", "0.00", "0.0 %"], ["Total", "26", "400.00", "100.0 %"],
    ])
  #expect(table.caption == "Churned MRR of \(data.month.longName) by reason, in USD")
  #expect(try rendered("retention", data, .csv).contains("churn_reason,cancellation_requested"))
}

@Test func whoLeftForSeveralReasonsIsOneCustomerOfTheTotal() throws {
  var data = noted.churned(1)
  data.notes.churnReasons = [
    ChurnReasonLine(month: data.month, reason: "Too dear", customers: 1, mrr: 100_000_000),
    ChurnReasonLine(month: data.month, reason: "Competitor", customers: 1, mrr: 50_000_000),
  ]
  let table = try #require(NoteTables.churnReasons(FigureIndex(data)))
  #expect(table.rows.map { $0.cells[1].text } == ["1", "1", "1"])
  #expect(table.rows.map { $0.cells[2].text } == ["100.00", "50.00", "150.00"])
  #expect(table.caption.hasSuffix("; a customer with several reasons counts in each"))
  // Under the event bridge one that came back and left again churned twice.
  let twice = try #require(NoteTables.churnReasons(FigureIndex(data.churned(3))))
  #expect(twice.rows.map { $0.cells[1].text } == ["1", "1", "3"])
  #expect(twice.caption.hasSuffix("; a customer that left several times counts once in a reason"))
}

@Test func anAdjustmentOfNoCustomerHasNoColumnForOne() throws {
  var data = noted
  #expect(NoteTables.adjustments(FigureIndex(data))?.columns.map(\.title).contains("Customer") == true)
  data.notes.adjustments[0].customer = nil
  let table = try #require(NoteTables.adjustments(FigureIndex(data)))
  #expect(table.columns.map(\.title) == ["Figure", "Amount", "By", "Reason"])
  #expect(table.caption == "Adjustments of February 2024, in USD; the figures above do not contain them")
  #expect(table.rows[0].cells.map(\.text) == ["Net new MRR", "-12.34", "ann", "<b>late</b> | invoice"])
}

@Test func aForecastIsShownWithoutCentsAndExactForPrograms() throws {
  var data = noted
  data.notes.forecasts[0].expected = 2_345_678_912_345
  let cell = try #require(NoteTables.forecast(FigureIndex(data))).rows[0].cells[2]
  #expect(cell.text == "2,345,679")
  #expect(
    cell.value
      == .number(
        Quantity(number: 2_345_678_912_345, unit: .money), currency: data.currency, decimals: 0))
}

@Test func aPageWithEverythingBesideItsFiguresIsWellFormed() throws {
  for kind in shippedReports {
    let faults = HTMLCheck(try rendered(kind, noted, .html)).faults
    #expect(faults.isEmpty, "\(faults)")
  }
}

/// A number of a note that nothing in the file points at tells a reader nothing.
@Test func everyNoteIsPointedAtInEveryFormatThatHasNotes() throws {
  var definition = shipped("retention")
  definition.formats = [.json, .markdown, .html]
  var data = SampleCompany.large(customers: 40, months: 20).reportData(dimensions: ["country"])
  data.metrics += RetentionBySegment.atTheEnd.map {
    Metric(
      id: $0, title: $0, group: .retention, unit: .ratio, formula: "", definition: "Of \($0).", needs: [],
      good: .up)
  }
  let made = render(definition, data, templates: builtInTemplates).documents
  let report = ReportBuilder.report(definition, FigureIndex(data, months: definition.months))
  let json = try #require(made.first { $0.format == .json }?.text)
  let pointedAt = Set(
    json.matches(of: #/"notes": ?\[([0-9, \n]+)\]/#).flatMap {
      $0.output.1.split { !$0.isNumber }.compactMap { Int($0) }
    })
  #expect(report.notes.count > 5 && pointedAt == Set(1...report.notes.count))
  let markdown = try #require(made.first { $0.format == .markdown }?.text)
  let html = try #require(made.first { $0.format == .html }?.text)
  for number in 1...report.notes.count {
    #expect(markdown.contains(try Regex("\\[\\^\(number)\\](?!:)")), "\(number)")
    let references = ["href=\"#note-\(number)\"", "<sup>\(number)</sup>"]
    #expect(references.contains(where: html.contains), "\(number)")
  }
}
