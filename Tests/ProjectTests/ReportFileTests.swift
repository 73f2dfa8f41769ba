import Foundation
import Model
import Testing

@testable import Project

private let path = "Reports/mine.yml"

private func faults(_ text: String, _ other: [String: String] = [:]) throws -> [String] {
  try TemporaryProject.faults(other.merging([path: text]) { _, last in last })
}

private func report(_ text: String, _ other: [String: String] = [:]) throws -> ReportDefinition {
  let loaded = try TemporaryProject.load(
    over: other.merging([path: text, "Config/company.yml": company]) { _, last in last })
  #expect(loaded.findings.map { $0.text() } == [])
  return try #require(loaded.project?.reports.first { $0.name == "mine" })
}

private let company = "name: Acme\nreporting_currency: USD\ntime_zone: UTC\n"

@Test func whatASectionSaysIsRead() throws {
  let section = try #require(
    try report(
      """
      months: 6
      sections:
        - kind: table
          title: By quarter
          metrics: [mrr, headline_ndr]
          grain: fiscal_quarter
          notices: [{metric: gross_mrr_churn_rate, above: 2.5 %, below: -1}]
      """
    ).sections.first)
  #expect(section.kind == .table && section.title == "By quarter" && section.months == 6)
  #expect(section.metrics.map(\.id) == ["mrr", "headline_ndr"])
  #expect(section.metrics.last?.place == Place(file: path, line: 5, column: 20))
  #expect(section.grain == .fiscalQuarter && section.order == .natural && section.rows == 10)
  #expect(section.thresholds.first?.above == 25_000_000_000)
  #expect(section.thresholds.first?.below == -1_000_000_000_000)
}

@Test func everyWrongWordOfASectionIsToldAtItsPlace() throws {
  let text = """
    sections:
      - kind: figurse
      - {kind: figures, metrics: [mrr], compare: last_moth}
      - {kind: bridge, show: methods, metrics: [mrr]}
      - {kind: table}
      - {kind: table, metrics: [mrr], notices: [{metric: mrr}]}
      - {kind: cohort_grid, grain: fiscal_year}
      - {kind: report, report: nothing}
      - {kind: text, words: x}
    """
  #expect(
    try faults(text) == [
      "2:11 bad-value: `kind` takes one of \(SectionShape.kinds.joined(separator: ", ")), not `figurse`",
      "3:46 bad-value: `compare` takes one of last_month, last_year, budget, not `last_moth`",
      "4:26 bad-value: a section of kind `bridge` has no face `methods`",
      "4:35 misplaced-key: `metrics` means nothing in a section of kind `bridge`",
      "5:5 missing-key: a section of kind `table` needs `metrics`",
      "6:45 missing-key: a bound of `mrr` says neither `above` nor `below`",
      "7:32 bad-value: cohorts are by month or by quarter",
      "8:28 unknown-report: no report is named `nothing`",
      "9:5 missing-key: a section of kind `text` needs `text`",
      "9:18 unknown-key: no key is named `words`",
    ])
}

@Test func aMetricNamedTwiceInASectionIsRefusedWhereItIsNamedAgain() throws {
  let text = """
    sections:
      - {kind: chart, show: small_multiples, metrics: [mrr, arr, mrr]}
      - {kind: roll_forward, metrics: [mrr_new, mrr_new], closing: mrr}
      - {kind: figures, metrics: [mrr, customers]}
    """
  #expect(
    try faults(text) == [
      "2:62 bad-value: `mrr` is named twice", "3:45 bad-value: `mrr_new` is named twice",
    ])
}

@Test func aReportWithoutSectionsIsRefused() throws {
  #expect(try faults("title: Empty\n").map { $0.split(separator: ":")[1] } == ["1 missing-key"])
  #expect(
    try faults("report: retention\nsections: [{kind: summary}]\n") == [
      "1:1 misplaced-key: `report` means nothing for the report: what it shows is said by `sections`"
    ])
}

/// What would make a report other than the one written down, without a word.
@Test func whatWouldShowNothingOrSomethingElseIsRefusedAtItsPlace() throws {
  let text = """
    sections:
      - {kind: table, metrics: [mrr], dimensions: plan, grain: quarter}
      - {kind: chart, show: line}
      - {kind: chart, show: [trend, line], metrics: []}
      - {kind: figures, metrics: []}
      - {kind: roll_forward, metrics: [mrr], closing: ~}
    """
  let segments = ["Config/segments.yml": "segments: {plan: {charge: plan}}\n"]
  #expect(
    try faults(text, segments) == [
      "2:53 misplaced-key: `grain` means nothing beside `dimensions`: a table by segment is of the reported month",
      "3:25 missing-key: a chart that shows `line` needs `metrics`",
      "4:33 missing-key: a chart that shows `line` needs `metrics`",
      "5:5 missing-key: a section of kind `figures` needs `metrics`",
      "6:51 empty-key: `closing` has no value",
    ])
  let remedies = try TemporaryProject.remedies(segments.merging([path: text]) { $1 })
  #expect(
    remedies.prefix(2) == [
      "take out `grain`, or `dimensions` for a table by quarter", "add the line `metrics: [mrr, customers]`",
    ])
  #expect(
    try faults("title: Empty\nsections: []\n") == [
      "2:11 empty-key: `sections` is empty: the report would show nothing"
    ])
  #expect(
    try TemporaryProject.remedies([path: "sections: []\n"]) == [
      "write `sections: [{kind: figures, metrics: [mrr, customers]}]`"
    ])
}

/// Without them a file says something that the report does not show, and nobody learns why.
@Test(
  arguments: [
    ("{kind: table, metrics: [mrr], sort: largest}", "sort", "`sort` means nothing without `dimensions`"),
    ("{kind: table, metrics: [mrr], rows: 5}", "rows", "`rows` means nothing without `dimensions`"),
    ("{kind: summary, metrics: [mrr]}", "metrics", "kind `summary` that shows `driver`"),
    (
      "{kind: summary, show: [year, unusual], dimensions: plan}", "dimensions", "that shows `year`, `unusual`"
    ),
    ("{kind: chart, show: [trend, waterfall], metrics: [mrr]}", "metrics", "that shows `trend`, `waterfall`"),
    ("{kind: chart, show: waterfall, months: 6}", "months", "that shows `waterfall`"),
    ("{kind: chart, dimensions: plan}", "dimensions", "that shows `trend`"),
    ("{kind: chart, metrics: [mrr], rows: 3}", "rows", "that shows `line`"),
    ("{kind: bridge, rows: 3}", "rows", "that shows `months`"),
    ("{kind: bridge, show: [months, rates], dimensions: plan}", "dimensions", "that shows `months`, `rates`"),
    ("{kind: retention, dimensions: plan}", "dimensions", "that shows `methods`"),
    ("{kind: retention, show: segments, months: 6}", "months", "that shows `segments`"),
    ("{kind: customers, show: summary, rows: 3}", "rows", "that shows `summary`"),
    ("{kind: data, show: [sources, rates], rows: 3}", "rows", "that shows `sources`, `rates`"),
    ("{kind: forecast, show: table, months: 6}", "months", "that shows `table`"),
  ])
func aKeyThatNothingShownUsesIsRefusedAtItsPlace(section: String, key: String, told: String) throws {
  let files = [path: "sections: [\(section)]", "Config/segments.yml": "segments: {plan: {charge: plan}}\n"]
  let found = try TemporaryProject.faults(files)
  let column = try #require(files[path]?.components(separatedBy: "\(key):").first).count
  #expect(found.count == 1)
  #expect(found.first?.hasPrefix("1:\(column + 1) misplaced-key: `\(key)` means") == true, "\(found)")
  #expect(found.first?.contains(told) == true, "\(found)")
  #expect(try TemporaryProject.remedies(files).first?.hasPrefix("take it out, or ") == true)
}

@Test func aKeyThatOneOfTheFacesUsesIsTaken() throws {
  let sections = try report(
    """
    rows: 12
    sections:
      - {kind: summary, show: [driver, unusual, segments], metrics: [mrr], dimensions: plan}
      - {kind: chart, show: [waterfall, small_multiples], metrics: [mrr, arr], dimensions: plan, months: 6}
      - {kind: chart, show: small_multiples, rows: 20}
      - {kind: retention, show: [methods, segments], months: 6, rows: 5}
      - {kind: data, rows: 5}
      - {kind: forecast, months: 6}
      - {kind: reconciliation, rows: 5}
    """, ["Config/segments.yml": "segments: {plan: {charge: plan}}\n"]
  ).sections
  #expect(sections.map(\.rows) == [12, 8, 20, 5, 5, 12, 5])
  #expect(
    try TemporaryProject.remedies([path: "sections: [{kind: chart, metrics: [mrr], rows: 3}]"]) == [
      "take it out, or show `small_multiples`, which uses it"
    ])
}

@Test func aKeyBesideAFaceThatIsNoneIsNotToldAsWell() throws {
  #expect(try faults("sections: [{kind: bridge, show: segmnts, rows: 3}]").count == 1)
  #expect(try faults("sections: [{kind: bridge, show: methods, rows: 3}]").count == 1)
  #expect(try faults("sections: [{kind: table, metrics: [mrr], dimesions: plan, rows: 3}]").count == 1)
}

@Test func whatIsFaultyInAListIsNotCalledEmptyAsWell() throws {
  #expect(try faults("sections: [summary]\n").count == 1)
  #expect(try faults("sections: [{kind: figures, metrics: [[mrr]]}]\n").count == 1)
}

@Test func aTableBySegmentMaySayThatItIsOfTheMonthAndAChartOfMetricsIsOfLines() throws {
  let sections = try report(
    """
    sections:
      - {kind: table, metrics: [mrr], dimensions: plan, grain: month}
      - {kind: chart, show: line, metrics: [mrr]}
      - {kind: chart, show: small_multiples, dimensions: plan}
    """, ["Config/segments.yml": "segments: {plan: {charge: plan}}\n"]
  ).sections
  #expect(sections.map(\.kind) == [.table, .chart, .chart])
}

@Test func aReportTakesInTheSectionsOfOthersUnderTheirTitles() throws {
  let definition = try report(
    "sections: [{kind: text, text: Hello}, {kind: report, report: one}, {kind: report, report: two, title: Second}]",
    [
      "Reports/one.yml": "title: First\nsections: [{kind: summary}, {kind: bridge}]",
      "Reports/two.yml": "sections: [{kind: report, report: one}, {kind: retention}]",
    ])
  #expect(definition.sections.map(\.kind) == [.text, .summary, .bridge, .summary, .bridge, .retention])
  #expect(definition.sections.map(\.part) == [nil, "First", nil, "Second", nil, nil])
}

@Test func aReportThatTakesItselfInIsRefused() throws {
  let found = try faults(
    "sections: [{kind: report, report: other}]",
    ["Reports/other.yml": "sections: [{kind: report, report: mine}]"])
  #expect(found.count == 2 && found.allSatisfy { $0.contains("takes itself in") })
}

@Test func aMetricThatIsNotThereIsToldWithTheOneMeant() throws {
  let definition = try report("sections: [{kind: figures, metrics: [mrr, mrr_net_nwe, own]}]")
  let known = ["mrr", "mrr_net_new"].map {
    Metric(
      id: $0, title: $0, group: .level, unit: .money, formula: "", definition: "", needs: [], good: .up)
  }
  let found = findings(of: [definition, definition], among: known)
  #expect(found.map(\.name) == ["unknown-metric"])
  #expect(found.first?.place == Place(file: path, line: 1, column: 43))
  #expect(found.first?.remedy == "did you mean `mrr_net_new`?")
}

@Test(
  arguments: [
    ("{kind: roll_forward, metrics: [customers, ndr], closing: customers}", "is no balance"),
    ("{kind: roll_forward, metrics: [mrr, customers], closing: mrr}", "they do not add up"),
    (
      "{kind: roll_forward, metrics: [mrr], subtract: mrr_new, closing: mrr}",
      "not among the section's metrics"
    ),
    ("{kind: figures, metrics: [mrr], notices: [{metric: own, above: 3}]}", "a bound is of one"),
    (
      "{kind: figures, metrics: [mrr], notices: [{metric: mrr, above: 3 %}]}",
      "a percentage is no bound of it"
    ),
    ("{kind: figures, metrics: [mrr], notices: [{metric: ndr, above: 3 %}, {metric: mrr, below: 5}]}", nil),
    ("{kind: roll_forward, metrics: [mrr, mrr_new], subtract: mrr_new, closing: mrr}", nil),
  ] as [(String, String?)])
func whatAMetricsUnitDoesNotAllowIsTold(section: String, told: String?) throws {
  let definition = try report("sections: [\(section)]")
  let units: [(String, Metric.Unit)] = [
    ("mrr", .money), ("mrr_new", .money), ("customers", .count), ("ndr", .ratio),
  ]
  let known = units.map { id, unit in
    Metric(id: id, title: id, group: .level, unit: unit, formula: "", definition: "", needs: [], good: .up)
  }
  let found = findings(of: [definition], among: known)
  #expect(found.count == (told == nil ? 0 : 1))
  if let told { #expect(found.first?.problem.contains(told) == true, "\(found)") }
}

@Test(
  arguments: [
    ("3 %", 30_000_000_000), ("2.5", 2_500_000_000_000), ("-0.01", -10_000_000_000),
    ("250_000", 250_000_000_000_000_000),
    ("3 percent", nil), ("1.2.3", nil), ("", nil), ("1e5", nil), ("--1", nil),
  ] as [(String, Int128?)])
func boundsAreExact(text: String, bound: Int128?) {
  #expect(boundInTrillionths(text) == bound)
}

@Test func aStyleIsANameOrMarksBesideOne() throws {
  func style(_ text: String) throws -> WritingStyle? {
    try report("style: \(text)\nsections: [{kind: findings}]\n").style
  }
  #expect(try style("de") == WritingStyle.named("de"))
  let own = try #require(
    try style("{like: de, group_mark: space, date: YYYY/MM/DD, currency: before, negative: parentheses}"))
  #expect(own.decimalMark == "," && own.groupMark == "\u{202F}" && !own.hasCurrencyBehind)
  #expect(own.days == .yearFirst("/") && own.negative == .parentheses)
  #expect(try style("{group_mark: none}")?.groupMark == "")
  #expect(
    try faults("style: {decimal_mark: comma}\nsections: [{kind: findings}]\n") == [
      "1:23 bad-value: decimals and thousands have the same mark, so that 1.234 could be either"
    ])
  #expect(try faults("style: {date: DMY}\nsections: [{kind: findings}]\n").count == 1)
}
