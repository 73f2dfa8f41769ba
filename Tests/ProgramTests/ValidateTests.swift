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

  private static func metric(_ sql: String) -> String {
    "title: Mine\nunit: money\ndefinition: Mine.\nquery: \"\(sql)\"\n"
  }
}
