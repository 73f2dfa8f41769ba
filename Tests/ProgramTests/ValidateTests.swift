import Foundation
import Testing

/// What `validate` tells before there is a figure.
@Suite struct ValidateTests {
  @Test func whatIsWrongWithMetricsIsToldTogetherWithWhatIsWrongElsewhere() throws {
    let project = try TemporaryProject()
    try project.write("Config/rates.yml", "max_aeg: 3\n")
    try project.write(
      "Config/metrics/mixed.yml", "title: M\nunit: money\ndefinition: M.\nexpression: mrr + customers\n")
    try project.write("Config/metrics/broken.yml", "title: B\nunit: money\ndefinition: B.\n")
    try project.write(
      "Reports/mine.yml", "sections: [{kind: figures, metrics: [mrr, mrr_net_nwe, broken, mixed]}]\n")
    let outcome = try project.run("validate")
    #expect(outcome.status == 2)
    for told in [
      "Config/rates.yml:1:1: error", "[mixed-units]", "no metric is named `mrr_net_nwe`",
      "`broken` does not say how it is computed",
    ] { #expect(outcome.told.contains(told), "\(told) in \(outcome.told)") }
    // Its own file is the mistake.
    #expect(!outcome.told.contains("no metric is named `broken`"), "\(outcome.told)")
  }

  @Test(arguments: [
    ("delete from run", "the statement could write"),
    ("select month, mrr from customer_mrr", "its columns are month, mrr"),
    ("select month, 'all' as segment, value from metric_periods", "no such table"),
    ("select wrong", "no such column"), ("select 1; select 2", "it is not one statement alone"),
  ])
  func aQueryThatCannotGiveFiguresIsRefusedBeforeARun(_ sql: String, _ problem: String) throws {
    let project = try TemporaryProject()
    try project.write("Config/metrics/mine.yml", Self.metric(sql))
    let outcome = try project.run("validate")
    #expect(outcome.status == 2)
    #expect(
      outcome.told.contains("Config/metrics/mine.yml:4:8: error: mine: \(problem)")
        && outcome.told.contains("[bad-metric-query]"), "\(outcome.told)")
    #expect(!project.exists("output"))
  }

  @Test func aQueryOverTheViewsIsValidBeforeThereIsAWarehouse() throws {
    let project = try TemporaryProject()
    try project.write(
      "Config/metrics/mine.yml",
      Self.metric(
        "with m as (select month, max(mrr) as value from customer_mrr group by month) select month, 'all' as segment, value from m"
      ))
    let outcome = try project.run("validate")
    #expect(outcome.status == 0, "\(outcome.told)")
  }

  // MARK: Files beside a faulty configuration

  /// The project's source in two files, and another source.
  private func projectOfTwoSources() throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write(
      "Config/sources/billing.yml",
      TemporaryProject.source.replacing("files: exports/periods.csv", with: "files: exports/periods*.csv"))
    try project.write("exports/periods2.csv", "id,customer,start,end\n6,f,2024-01-01,\n")
    try project.write(
      "Config/sources/shop.yml",
      TemporaryProject.source.replacing("exports/periods.csv", with: "exports/shop.csv"))
    try project.write("exports/shop.csv", "id,start,end,amount\n1,2024-01-01,,5\n")
    return project
  }

  private static let missingColumns = [
    "Config/sources/billing.yml:8:13: error: exports/periods2.csv has no column `amount`, mapped to `amount`; its header is `id`, `customer`, `start`, `end` [missing-column]",
    "Config/sources/shop.yml:5:15: error: exports/shop.csv has no column `customer`, mapped to `customer`; its header is `id`, `start`, `end`, `amount` [missing-column]",
  ]

  @Test(arguments: [
    ("Config/rates.yml", "max_aeg: 3\n", "Config/rates.yml:1:1"),
    ("Config/company.yml", "name: [Acme\n", "Config/company.yml:"),
    ("Config/policy.yml", "policy: standrad@1\n", "Config/policy.yml:1:9"),
    ("Config/metrics/mine.yml", metric("delete from run"), "Config/metrics/mine.yml:4:8"),
    (
      "Config/sources/third.yml", TemporaryProject.source.replacing("exclusive", with: "exclusiv"),
      "Config/sources/third.yml:7:31"
    ),
  ])
  func aMistakeHidesNoMissingColumn(_ file: String, _ text: String, _ place: String) throws {
    let project = try projectOfTwoSources()
    try project.write(file, text)
    let outcome = try project.run("validate")
    #expect(outcome.status == 2)
    for told in [place] + Self.missingColumns {
      #expect(outcome.told.contains(told), "\(told) in \(outcome.told)")
    }
    #expect(outcome.told.ranges(of: ": error: ").count == 3, "\(outcome.told)")
  }

  @Test func missingColumnsOfASourceAreToldBesideMistakesInItsMapping() throws {
    let project = try projectOfTwoSources()
    try project.write(
      "Config/sources/shop.yml",
      TemporaryProject.source.replacing("exports/periods.csv", with: "exports/shop.csv")
        .replacing("exclusive", with: "exclusiv").replacing("constant: month", with: "constant: moon"))
    let outcome = try project.run("validate")
    for told in Self.missingColumns + ["shop.yml:7:31: error", "shop.yml:9:31: error"] {
      #expect(outcome.told.contains(told), "\(told) in \(outcome.told)")
    }
    #expect(outcome.told.ranges(of: ": error: ").count == 4, "\(outcome.told)")
  }

  @Test(arguments: [
    "format: {delimiter: \"\"}\n", "fromat: {delimiter: \";\"}\n", "format: {header: false}\n",
    "format: {type: json, delimiter: \";\"}\n",
  ])
  func columnsAreNotLookedForWhereTheFormatIsAMistake(_ format: String) throws {
    let project = try TemporaryProject()
    try project.write("Config/sources/billing.yml", format + TemporaryProject.source)
    try project.write(
      "exports/periods.csv", (TemporaryProject.header + TemporaryProject.rows).replacing(",", with: ";"))
    let outcome = try project.run("validate")
    #expect(outcome.status == 2)
    #expect(outcome.told.ranges(of: ": error: ").count == 1, "\(outcome.told)")
    #expect(outcome.told.contains("Config/sources/billing.yml:1:"), "\(outcome.told)")
  }

  @Test func aPolicyIsNotSaidToLackWhatAFaultySourceMayFeed() throws {
    let project = try TemporaryProject()
    try project.write("Config/policy.yml", "policy: chartmogul@1\n")
    #expect(try project.run("validate").told.contains("no source feeds invoice_line"))
    try project.write("Config/sources/invoices.yml", "files: [\n")
    let outcome = try project.run("validate")
    #expect(outcome.status == 2)
    #expect(outcome.told.contains("Config/sources/invoices.yml:"), "\(outcome.told)")
    #expect(!outcome.told.contains("no source feeds"), "\(outcome.told)")
  }

  @Test func anEmptyFileIsOneMistake() throws {
    let project = try TemporaryProject()
    try project.write("exports/periods.csv", "")
    let outcome = try project.run("validate")
    #expect(outcome.status == 2)
    #expect(outcome.told.contains("the file is empty: it has no header"), "\(outcome.told)")
    #expect(outcome.told.ranges(of: ": error: ").count == 1, "\(outcome.told)")
  }

  @Test func everyMistakeIsToldHoweverManyThereAre() throws {
    let project = try TemporaryProject()
    try project.write("exports/periods.csv", "id\n1\n")
    for number in 0..<20 { try project.write("Config/sources/more\(number).yml", TemporaryProject.source) }
    let outcome = try project.run("validate")
    #expect(outcome.status == 2)
    #expect(outcome.told.ranges(of: "[missing-column]").count == 84, "\(outcome.told)")
  }

  private static func metric(_ sql: String) -> String {
    "title: Mine\nunit: money\ndefinition: Mine.\nquery: \"\(sql)\"\n"
  }
}
