import Foundation
import Model
import Project
import Testing

@testable import Render

private let comparison = {
  var comparison = unnamed
  comparison.name(by: [
    7: CustomerKey(system: "billing", id: "C7"), 8: CustomerKey(system: "billing", id: "C,8"),
  ])
  return comparison
}()

private let unnamed = PolicyComparison(
  metric: Metric(
    id: "mrr", title: "MRR", group: .level, unit: .money, formula: "", definition: "", needs: [], good: .up),
  month: Month(iso: "2024-02")!, currency: Currency("USD")!, from: "standard@1", to: "stripe@1",
  value: .money(100_000_000),
  steps: [
    .init(
      key: .trials, from: "exclude", to: "include_priced", sentence: "Trials.", value: .money(130_000_000)),
    .init(key: .graceDays, from: "0", to: "5", sentence: "Gaps.", value: .money(129_999_500)),
  ],
  customers: [
    .init(
      id: 7, name: "<b>| =cmd", from: 100_000_000, to: 130_000_000,
      parts: [.init(key: .trials, amount: 30_000_000)]),
    .init(id: 8, name: "", from: 500, to: 0, parts: [.init(key: .graceDays, amount: -500)]),
  ])

private func text(_ format: ReportDefinition.Format, rows: Int = 25) throws -> String {
  let data = SampleCompany.firstMonth.reportData(dimensions: [])
  let made = render(comparison, format, data, rows: rows, templates: builtInTemplates)
  #expect(made.findings.isEmpty)
  return String(decoding: try #require(made.document).bytes, as: UTF8.self)
}

@Test func everyDecimalThereIsStandsInAComparison() throws {
  let markdown = try text(.markdown)
  #expect(
    markdown.contains(
      "100.0000 under standard@1, 129.9995 under stripe@1, a gap of +29.9995: trials, grace_days"))
  #expect(markdown.contains(" +30.0000 |"))
  #expect(markdown.contains(" -0.0005 |"))
}

@Test func customersBeyondTheListAreItsRest() throws {
  let markdown = try text(.markdown, rows: 1)
  #expect(markdown.contains("| 1 others "))
  #expect(markdown.contains("**2 customers**"))
}

@Test func aComparisonsRowsAddUpForOtherPrograms() throws {
  let rows = try text(.csv).split(separator: "\r\n").dropFirst().map {
    $0.split(separator: ",", omittingEmptySubsequences: false)
  }
  func sum(_ part: Substring) -> Decimal {
    rows.filter { $0[2] == part }.reduce(0) { $0 + Decimal(string: String($1[$1.count - 1]))! }
  }
  #expect(sum("all") == Decimal(string: "29.9995"))
  #expect(sum("decision") == sum("all"))
  #expect(sum("customer") == sum("all"))
}

@Test func aComparisonsPageIsSoundWhateverTheNames() throws {
  let html = try text(.html)
  #expect(HTMLCheck(html).faults.isEmpty)
  #expect(html.contains("&lt;b&gt;| =cmd") && html.contains("customer C,8"))
}

@Test func aComparisonSaysThatItIsAtConstantRatesWhereThereAreAny() throws {
  var data = SampleCompany.firstMonth.reportData(dimensions: [])
  var comparison = comparison
  comparison.valuation = .constant
  func text() throws -> String {
    let made = render(comparison, .markdown, data, rows: 25, templates: builtInTemplates)
    return String(decoding: try #require(made.document).bytes, as: UTF8.self)
  }
  data.ratesUsed = []
  #expect(try !text().contains("at constant rates"))
  data.ratesUsed = [
    RateUsed(month: data.month, from: Currency("EUR")!, to: data.currency, rate: .one, day: nil)
  ]
  #expect(try text().contains("by decision, in USD, at constant rates"))
  comparison.valuation = .asReported
  #expect(try !text().contains("at constant rates"))
}
