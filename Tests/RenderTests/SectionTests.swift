import Model
import Testing

@testable import Render

private let small = SampleCompany.small.reportData(dimensions: ["country", "plan"])

private func report(_ data: ReportData, _ sections: SectionDefinition...) -> Report {
  let definition = ReportDefinition(name: "x", title: "X", sections: sections, place: Place(file: "x.yml"))
  return ReportBuilder.report(definition, FigureIndex(data, months: definition.months))
}

private func section(
  _ kind: SectionDefinition.Kind, _ metrics: [String] = [], _ views: SectionDefinition.View...
) -> SectionDefinition {
  var section = SectionDefinition(kind, place: Place(file: "x.yml", line: 1))
  section.metrics = metrics.map { .init($0, at: Place(file: "x.yml", line: 2)) }
  section.views = views
  return section
}

private func add(_ values: [String: Int64], to data: inout ReportData, _ month: Month) {
  for (metric, amount) in values.sorted(by: { $0.key < $1.key }) {
    data.metrics.append(
      Metric(
        id: metric, title: metric, group: .revenue, unit: .money, formula: "", definition: "x", needs: [],
        good: .up))
    data.figures.append(
      Figure(
        period: Period(grain: .month, first: month, last: month, label: "\(month)"), metric: metric,
        segment: .all, currency: data.currency, valuation: .asReported, value: .money(amount), grade: .exact,
        state: .open))
  }
}

@Test func aSectionWhoseDataNobodyHasIsLeftOutAndOneLineSaysSo() {
  let made = report(small, section(.figures, ["cac"]), section(.figures, ["mrr"]), section(.forecast))
  #expect(made.sections.map(\.kind) == [.figures])
  #expect(
    made.omissions == [
      "Figures: the catalogue as published has none of its metrics",
      "Forecast: it needs six months with an opening, and a year ahead that can still be counted",
    ])
}

@Test func segmentsStandInTheOrderAskedFor() {
  func names(_ order: SectionDefinition.Order, rows: Int = 10) -> [String] {
    var table = section(.table, ["mrr", "customers"])
    table.dimensions = ["country"]
    table.order = order
    table.rows = rows
    return report(small, table).sections[0].tables[0].rows.map { $0.cells[0].text }
  }
  #expect(names(.largest) == ["US", "DE", "FR", "Total"])
  #expect(names(.smallest) == ["FR", "DE", "US", "Total"])
  #expect(names(.name) == ["DE", "FR", "US", "Total"])
  #expect(names(.largest, rows: 1) == ["US", "2 others", "Total"])
}

@Test func aRollForwardTiesOrSaysByHowMuchNot() {
  var data = small
  add(
    ["opening": 100_000_000, "billed": 30_000_000, "earned": 20_000_000, "closing": 110_000_000], to: &data,
    data.month)
  var roll = section(.rollForward, ["opening", "billed", "earned"])
  roll.subtracted = [.init("earned", at: roll.place)]
  roll.closing = .init("closing", at: roll.place)
  let row = report(data, roll).sections[0].tables[0].rows[0]
  #expect(row.cells.map(\.text) == ["Feb 2024", "100.00", "30.00", "20.00", "110.00", "ties"])
  data.figures[data.figures.count - 3].value = .money(110_000_001)
  let made = report(data, roll)
  let broken = made.sections[0].tables[0].rows[0]
  #expect(broken.cells.last?.text == "0.000001" && broken.cells.last?.tone == .bad)
  #expect(made.findings.map(\.name) == ["does-not-tie"])
}

@Test func aRollForwardOfCountsCounts() {
  var data = small
  add(["here": 2, "joined": 1, "then": 3], to: &data, data.month)
  for place in data.figures.indices.suffix(3) {
    if case .money(let count) = data.figures[place].value { data.figures[place].value = .count(count) }
  }
  var roll = section(.rollForward, ["here", "joined"])
  roll.closing = .init("then", at: roll.place)
  let table = report(data, roll).sections[0].tables[0]
  #expect(table.rows[0].cells.map(\.text) == ["Feb 2024", "2", "1", "3", "ties"])
  #expect(!table.caption.contains("USD"))
  data.figures[data.figures.count - 3].value = .count(7)
  #expect(report(data, roll).sections[0].tables[0].rows[0].cells.last?.text != "ties")
}

@Test func theClosePackTiesOrSaysWhichCheckDoesNot() throws {
  let made = report(small, section(.reconciliation))
  #expect(made.findings == [])
  #expect(Set(made.sections[0].tables[0].rows.map { $0.cells[5].text }) == ["ties"])
  #expect(made.omissions.contains { $0.hasPrefix("From invoices to MRR: ") })
  var broken = small
  let place = try #require(broken.bridge.lastIndex { $0.segment == .all && $0.valuation == .asReported })
  broken.bridge[place].amounts.new += 5
  let findings = report(broken, section(.reconciliation)).findings
  #expect(findings.contains { $0.name == "does-not-tie" && $0.problem.contains("off by 0.000005 USD") })
  let rows = report(broken, section(.reconciliation)).sections[0].tables[0].rows
  let opening = try #require(
    made.sections[0].tables[0].rows.first { $0.cells[0].text.hasPrefix("Opening") }?.cells.map(\.text))
  #expect(!isPrintedZero(opening[1]) && opening[1] == opening[3], "the sums, not the gaps")
  let off = rows.filter { $0.cells[5].text == "does not tie" }
  #expect(!off.isEmpty && off.allSatisfy { $0.cells[4].text.hasSuffix("0.000005") }, "0.00 would tie")
}

/// Sums would hide two gaps that are equal and opposite.
@Test func openingsThatCancelEachOtherDoNotTie() throws {
  var data = SampleCompany.large().reportData(dimensions: [])
  let places = data.bridge.indices.filter {
    data.bridge[$0].segment == .all && data.bridge[$0].valuation == .asReported
      && data.bridge[$0].period.grain == .month
  }.suffix(2)
  #expect(places.count == 2)
  for (place, gap) in zip(places, [7_000_000, -7_000_000] as [Int64]) {
    data.bridge[place].amounts.starting += gap
  }
  let rows = report(data, section(.reconciliation)).sections[0].tables[0].rows
    .filter { $0.cells[0].text.hasPrefix("Opening") }.map { $0.cells.map(\.text) }
  #expect(rows.map { $0[5] } == ["does not tie", "does not tie", "ties"])
  #expect(rows.map { $0[4] } == ["+7.00", "-7.00", "0.00"])
}

@Test func rowsInQuarantineAreALineThatTies() throws {
  var data = small
  data.sources = [
    .init(name: "billing", dataThrough: data.sources[0].dataThrough, rows: 100, quarantined: 3),
    .init(name: "changes", dataThrough: data.sources[0].dataThrough, rows: 9, quarantined: 1, isDelta: true),
  ]
  data.notes.heldRows = [
    HeldRows(source: "billing", entity: .customer, records: 12),
    HeldRows(source: "billing", entity: .recurringCharge, records: 90),
    HeldRows(source: "changes", entity: .customer, records: 40),
  ]
  let made = report(data, section(.reconciliation))
  let rows = try #require(made.sections.last?.tables.first?.rows)
  #expect(
    rows.map { $0.cells.map(\.text) } == [
      ["billing", "100", "-3", "-7", "90", "ties"], ["changes", "", "-1", "", "40", "no count"],
    ])
  let check = try #require(made.sections[0].tables[0].rows.last)
  #expect(
    check.cells.map(\.text) == [
      "Rows read of billing", "100", "in force, in quarantine or replaced", "100", "0", "ties",
    ])
}

@Test func asManyLinesTieAsTheVerdictCounts() throws {
  var data = ReportData.noted
  // Equal by chance, which is nothing that must be so.
  add(["billings": 1_000_000, "collections": 1_000_000], to: &data, data.month)
  data.notes.invoiced?.billed = 1_000_000
  let made = report(data, section(.reconciliation))
  let checks = try #require(made.tables.first { $0.name == "checks" })
  let state = try #require(checks.columns.firstIndex(of: "state"))
  let ties = checks.rows.filter { $0[state] == .text("ties") }.count
  let verdict = made.sections[0].blocks.compactMap { block -> String? in
    if case .sentences(let sentences) = block { sentences.first } else { nil }
  }
  #expect(verdict == ["Everything that must tie ties: \(ties) checks."])
  #expect(checks.rows.contains { $0[state] == .text("equal") })
}

@Test func rowsInForceThatNobodyToldDoNotTie() throws {
  var data = small
  let through = data.sources[0].dataThrough
  data.sources = [
    .init(name: "a", dataThrough: through, rows: 100, quarantined: 0),
    .init(name: "b", dataThrough: through, rows: 50, quarantined: 0),
    .init(name: "c", dataThrough: through, rows: 10, quarantined: 1),
  ]
  data.notes.heldRows = [
    HeldRows(source: "a", entity: .customer, records: 105),
    HeldRows(source: "b", entity: .customer, records: 50),
    // A key in quarantine keeps its last good row.
    HeldRows(source: "c", entity: .customer, records: 10),
  ]
  let made = report(data, section(.reconciliation))
  let results = try #require(made.sections.last?.tables.first?.rows).map { $0.cells.last?.text }
  #expect(results == ["does not tie", "ties", "ties"])
  let checks = made.sections[0].tables[0].rows.suffix(2).map { $0.cells.map(\.text) }
  #expect(checks[0][0] == "Rows read of a" && checks[0][4] == "-5" && checks[0][5] == "does not tie")
  #expect(checks[1][0] == "Rows read of 2 sources" && checks[1][1] == "60" && checks[1][5] == "ties")
}

@Test func mrrIsHeldAgainstInvoicesAndTheDifferenceHasNames() throws {
  var data = small
  let mrr = Int128(
    try #require(data.bridge.last { $0.segment == .all && $0.valuation == .asReported }).amounts.ending)
  var invoiced = InvoicedMonth()
  invoiced.steps = [.issued: 5_000_000_000, .longerTerms: -4_000_000_000]
  invoiced.invoiced = 1_000_000_000
  invoiced.mrr = mrr
  invoiced.reasons[.neverInvoiced] = .init()
  invoiced.reasons[.neverInvoiced]?.amount = mrr - 1_000_000_000
  invoiced.reasons[.neverInvoiced]?.customers = 2
  invoiced.largest = [.init(customer: 2, mrr: 1_800_000_000, invoiced: 0, reason: .neverInvoiced)]
  data.notes.invoiced = invoiced
  let made = report(data, section(.reconciliation))
  let checks = made.sections[0].tables[0].rows.map { $0.cells.map(\.text) }
  #expect(checks.contains { $0[0] == "MRR of all customers" && $0[5] == "ties" })
  #expect(checks.contains { $0[0] == "MRR" && $0[5] == "split up below" })
  add(["billings": 1_000_000], to: &data, data.month)
  let lines = report(data, section(.reconciliation))
  #expect(
    lines.findings.contains { $0.problem.contains("Lines of invoices less discounts and credit notes") })
  let text = lines.sections[0].tables[0].rows.map { $0.cells.map(\.text).joined(separator: "|") }
  #expect(text.contains { $0.hasPrefix("Lines of invoices") && $0.hasSuffix("does not tie") })
  #expect(made.sections[1].title == "From invoices to MRR")
  let steps = made.sections[1].tables[0].rows.map { $0.cells.map(\.text) }
  #expect(
    steps.map { $0[0] } == [
      "Recurring lines of the month's invoices, less discounts",
      "of them for other months: annual and other prepayments",
      "Invoiced for the month's end, the amount a month", "Never invoiced", "MRR",
    ])
  #expect(steps[3][1] == "2" && steps[1][2] == "-4,000.00")
  #expect(made.sections[1].tables[1].rows[0].cells.map(\.text).first == "Bright \"Labs\", Inc.")
}

@Test func findingsListQuarantineByReasonAndWhatIsWrongWithTheFacts() throws {
  var data = small
  data.sources[0].quarantined = 3
  data.notes.quarantine = [
    QuarantineCount(source: data.sources[0].name, name: "bad-number", rows: 2),
    QuarantineCount(source: data.sources[0].name, name: "bad-date", rows: 1),
  ]
  data.notes.findings = [
    FindingCount(
      name: "unknown-parent", severity: .warning, problem: "customer \"C9\" is described by no `source`",
      consequence: "its money counts", count: 4)
  ]
  let rows = report(data, section(.findings)).sections[0].tables[0].rows.map { $0.cells.map(\.text) }
  #expect(
    rows.contains { $0[0] == "\(data.sources[0].name) has 3 rows in quarantine: 2 bad-number, 1 bad-date" })
  #expect(rows.last == ["customer \"C9\" is described by no 'source' (4 times)", "its money counts"])
  #expect(!rows.joined().contains { $0.contains("`") })
}

@Test func aTextHasItsParagraphsAndNoEmptyHeading() {
  var text = section(.text)
  text.title = ""
  text.text = "One\nand on.\n\nTwo."
  let made = report(small, text).sections[0]
  #expect(made.title == nil)
  #expect(made.blocks.count == 2)
}

@Test(
  arguments: [
    "5-Jan", "JAN 5", "3. März 2024", "may 2024", "$5", "€ 5", "TRUE", "falsch", "#N/A", "=1", "1/2", "007",
    "'007", "''=1",
  ])
func whatASpreadsheetWouldReadOtherwiseHasAnApostrophe(text: String) {
  #expect(CSVWriter.harmless(text) == "'" + text)
}

@Test func aNullHidesNothingFromASpreadsheet() {
  #expect(
    CSVWriter.harmless("\0=\u{0}1 and more than fits in a word\0") == "'=1 and more than fits in a word")
}

@Test(arguments: [
  "May", "Mayer 5", "Marsh & 3", "5 Jan Street", "True North", "A$AP", "Octo 7x y", "Acme", "'t Hooft", "'",
])
func whatASpreadsheetLeavesStandsBare(text: String) {
  #expect(CSVWriter.harmless(text) == text)
}

@Test(arguments: ["\u{301}", "\u{200D}", "\u{FE0F}", ""])
func aQuoteIsDoubledWhateverFollows(mark: String) {
  var table = TidyTable(columns: ["id", "name"])
  table.rows.append([.text("A\"\(mark), Inc"), .text("B\(mark)\"")])
  let text = String(decoding: CSVWriter(decimalMark: 0x2E).bytes(table), as: UTF8.self)
  #expect(text == "\u{FEFF}id,name\r\n\"A\"\"\(mark), Inc\",\"B\(mark)\"\"\"\r\n")
}

/// The quick answer is the long way's.
@Test(arguments: 1...20)
func whatIsPlainIsNoWordOfASpreadsheet(seed: Int) {
  var random = SeededRandom(seed: UInt64(seed))
  let parts = [
    "jan", "May", "sept", "TRUE", "falsch", "vrai", "5", "12", "2024", "$", "€", "zł", " ", "-", "/", ".",
    ",", "x",
    "März", "août", "é", "日本", "#", "1st", "march 5", "e", "'", "×", "ł", "fałsz", "İ", "e\u{301}",
  ]
  var plain = 0
  for _ in 0..<2000 {
    let text = (0..<random.below(4)).map { _ in random.pick(parts) }.joined()
    guard SpreadsheetWords.isPlain(text) else { continue }
    plain += 1
    #expect(!SpreadsheetWords.isTruthMoneyOrDate(text), "seed \(seed): \(text)")
  }
  #expect(plain > 200)
}

@Test func aBoundThatIsNearlyReachedIsToldApart() {
  var data = small
  add(["near": 199_999_999, "half": 2], to: &data, data.month)
  func problem(_ metric: String, below: Int128) -> String? {
    var figures = section(.figures, ["mrr"])
    figures.thresholds = [.init(metric: .init(metric, at: figures.place), above: nil, below: below)]
    return report(data, figures).findings.first?.problem
  }
  #expect(
    problem("near", below: 200_000_000_000_000)?.hasSuffix(
      "is USD 199.999999, below the bound of USD 200") == true)
  #expect(problem("near", below: 250_000_000_000_000)?.hasSuffix("below the bound of USD 250.00") == true)
}

@Test func aCrossedBoundRaisesANotice() {
  func findings(above: Int128? = nil, below: Int128? = nil, metric: String = "gross_mrr_churn_rate")
    -> [String]
  {
    var figures = section(.figures, ["mrr"])
    figures.thresholds = [
      .init(metric: .init(metric, at: Place(file: "x.yml", line: 7, column: 3)), above: above, below: below)
    ]
    return report(small, figures, section(.findings)).findings.map {
      "\($0.place?.line ?? 0) \($0.name): \($0.problem)"
    }
  }
  #expect(
    findings(above: 30_000_000_000) == [
      "7 threshold-crossed: Gross MRR churn rate of February 2024 is 21.66 %, above the bound of 3.00 %"
    ])
  #expect(findings(above: 300_000_000_000).isEmpty)
  #expect(findings(below: 10_000 * 1_000_000_000_000, metric: "mrr").count == 1)
  #expect(findings(below: 1_000_000_000_000, metric: "mrr").isEmpty)
  // What is not known crosses nothing.
  #expect(findings(above: 0, below: 0, metric: "nothing").isEmpty)
}

@Test func aPackHasContentsAndEachPartItsTitle() throws {
  let html = try rendered("board_pack", small, .html)
  let parts = Set(shipped("board_pack").sections.compactMap(\.part))
  #expect(parts.count == 7)
  for part in ["Executive summary", "MRR bridge", "Retention", "Customers", "Data quality"] {
    #expect(html.contains(">\(part)</a></li>") && html.contains("<h2>\(part)</h2>"), "\(part)")
  }
}

@Test func whoIsAtRiskAndWhoIsLargestIsListed() throws {
  var data = small
  data.notes.largest = [.init(customer: 2, mrr: 1_800_000_000), .init(customer: 1, mrr: 900_000_000)]
  data.notes.atRisk = [
    .init(
      customer: 1, mrr: 900_000_000, signs: [.invoicePastDue, .cancelRequested], end: Day(iso: "2024-03-31"))
  ]
  let text = try rendered("customers", data, .markdown)
  #expect(
    text.contains("## At risk") && text.contains("invoice past due and cancellation requested | 2024-03-31"))
  #expect(text.contains("## Largest customers") && text.contains("Bright \"Labs\", Inc."))
  #expect(try rendered("customers", small, .markdown).contains("- At risk: nothing says of a customer"))
}

@Test func theLargestCustomersAndTheOthersAddUpToTheTotal() throws {
  var data = small
  data.notes.largest = [.init(customer: 2, mrr: 1_800_000_000), .init(customer: 1, mrr: 900_000_000)]
  var largest = section(.customers, [], .largest)
  largest.rows = 1
  let rows = report(data, largest).sections[0].tables[0].rows
  let row = try #require(data.bridge.last { $0.segment == .all && $0.valuation == .asReported })
  let (count, ending) = (try #require(row.counts).ending, row.amounts.ending)
  let others = rows[1].cells.map(\.text)
  #expect(others[0] == "\(count - 1) others" && others[3] == "100.0 %")
  #expect(others[1] == moneyText(ending - 1_800_000_000, data.currency))
  #expect(rows[2].cells.map(\.text) == ["Total", moneyText(ending, data.currency), "100.0 %", ""])
}

@Test func theWhatIfStartsAtTheForecastsPace() throws {
  let index = FigureIndex(SampleCompany.large().reportData(dimensions: []))
  let panel = try #require(WhatIf(index))
  #expect(panel.sentence.contains(toldMoneyText(panel.mrrThen! * 12, panel.currency)))
  var still = panel
  (still.churn, still.expansion, still.new) = (0, 0, 0)
  #expect(still.mrrThen == Int128(still.mrr) && still.retention == powerOfTen(12))
  still.churn = powerOfTen(12)
  #expect(still.mrrThen == 0 && still.retention == 0)
  #expect(WhatIf(FigureIndex(SampleCompany.firstMonth.reportData(dimensions: []))) == nil)
  // Where a year at such a pace is beyond 64 bits, nothing is said.
  still.expansion = powerOfTen(13)
  #expect(still.mrrThen == nil && still.retention != nil)
  still.expansion = powerOfTen(16)
  #expect(still.retention == nil)
}

@Test(arguments: ["en", "de", "fr", "de-CH"])
func theWhatIfsControlsSpeakTheScriptsLanguageInEveryStyle(style: String) throws {
  try WrittenStyle.$current.withValue(try #require(WritingStyle.named(style))) {
    var panel = try #require(WhatIf(FigureIndex(SampleCompany.large().reportData(dimensions: []))))
    panel.churn = 405_867_000_000
    panel.new = 2_855_400
    let html = panel.html
    #expect(html.contains("name=\"churn\" min=\"0\" max=\"82\" step=\"any\" value=\"40.5867\""), "\(html)")
    #expect(html.contains("value=\"2.8554\""), "\(html)")
    #expect(html.contains("data-behind") == (style == "de" || style == "fr"))
  }
}

/// Swift takes texts for equal that are written in other bytes; ids that are such texts are two.
@Test func textsOfOtherBytesStayApartWhereOneFollowsTheOther() {
  var table = TidyTable(columns: ["natural_id"])
  let ids = ["C\u{E9}", "Ce\u{301}", "Ce\u{301}", "C\u{E9}"]
  table.rows = .init(ids.map { [.text($0)] })
  let lines = CSVWriter(decimalMark: 0x2E).bytes(table).split(separator: 0x0A).dropFirst()
  #expect(lines.map { Array($0.dropLast()) } == ids.map { Array($0.utf8) })
}
