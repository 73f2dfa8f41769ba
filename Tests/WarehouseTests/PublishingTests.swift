import Model
import Testing

@testable import Warehouse

private let january = Month(year: 2024, month: 1)
private let usd = Currency("USD")!

private func period(_ month: Month) -> Period {
  Period(grain: .month, first: month, last: month, label: month.description)
}

private let catalogue = [
  metric("mrr", .money), metric("customers", .count), metric("ndr_1m", .ratio), metric("arpa", .money),
  metric("ltv_to_cac", .ratio),
]

private func metric(_ id: String, _ unit: Metric.Unit) -> Metric {
  Metric(
    id: id, title: id, group: .level, unit: unit, formula: "f", definition: "d", needs: [.recurringCharge],
    good: .up)
}

private func terms(_ month: Month = january) -> PublicationTerms {
  PublicationTerms(
    company: "Acme", month: month, currency: usd, basis: "subscriptions", zoneName: "UTC",
    policyName: "standard@1",
    policyOverrides: ["trials: exclude"], fiscalYearStart: 1, headlineNDR: "ndr_t12m", sources: ["billing"])
}

private func result(_ transaction: RunTransaction, mrr: Int64 = 100_000_000) throws -> RollupResult {
  let book = try transaction.book(BookRequest(sources: ["billing"])).book
  var result = RollupResult()
  func figure(_ metric: String, _ value: MetricValue, _ month: Month = january) -> Figure {
    Figure(
      period: period(month), metric: metric, segment: .all, currency: usd, valuation: .asReported,
      value: value,
      grade: .exact, state: .open)
  }
  result.figures = [
    figure("mrr", .money(mrr)), figure("customers", .count(1)),
    figure("ndr_1m", .ratio(numerator: 3, denominator: 4)),
    figure("arpa", .moneyRatio(mrr, numerator: mrr, denominator: 1)),
    figure("ltv_to_cac", .null("no expense data")),
    figure("ltv_to_cac", .real(2.5), january + 1),
  ]
  var amounts = BridgeAmounts()
  amounts.new = mrr
  amounts.ending = mrr
  var counts = BridgeCounts()
  counts.new = 1
  counts.ending = 1
  result.bridge = [
    BridgeRow(
      period: period(january), segment: .all, currency: usd, valuation: .asReported, amounts: amounts,
      counts: counts,
      state: .provisional),
    BridgeRow(
      period: period(january), segment: SegmentKey("plan", "O'Neill"), currency: usd, valuation: .constant,
      amounts: amounts, counts: nil, state: .open),
  ]
  let id = book.customers[0].id
  result.movements = [
    CustomerMovement(month: january, customer: id, movement: .new, amount: mrr, before: 0, after: mrr)
  ]
  result.customerMRR = [CustomerMRR(customer: id, first: january, last: january + 2, mrr: mrr)]
  result.cohorts = (0...2).map {
    CohortCell(
      period: period(january), age: $0, segment: .all, customers: 1, net: mrr, gross: mrr,
      customersAtStart: 1,
      mrrAtStart: mrr)
  }
  result.memberships = [
    SegmentMembership(customer: id, segment: SegmentKey("country", "DE"), first: january, last: january + 1)
  ]
  result.ratesUsed = [
    RateUsed(month: january, from: Currency("EUR")!, to: usd, rate: ExactRate(11, 10), day: january.lastDay)
  ]
  result.charges = book.charges.map {
    ChargeInterval(
      row: $0.row, customer: id, plan: nil, product: "Suite", currency: usd, start: january.firstDay,
      end: nil, mrr: mrr,
      grade: .assumed)
  }
  return result
}

private func published() throws -> TestWarehouse {
  let warehouse = try TestWarehouse()
  try publish(warehouse)
  return warehouse
}

private func publish(_ warehouse: TestWarehouse, mrr: Int64 = 100_000_000) throws {
  try warehouse.run { transaction in
    _ = try transaction.apply(charges([charge("a")]))
    try transaction.store(try result(transaction, mrr: mrr), catalogue: catalogue, terms: terms())
    return .publish
  }
}

@Test func theViewsSpellOutWhatWasStored() throws {
  let warehouse = try published()
  #expect(
    try warehouse.rows(
      "select period, period_end, metric, value, typeof(value), numerator, denominator, unit, basis, grade, state, reason from metric_period order by period, metric"
    ) == [
      [
        "2024-01", "2024-02-01", "arpa", "100000000", "integer", "100000000", "1", "money", "subscriptions",
        "exact", "open", "null",
      ],
      [
        "2024-01", "2024-02-01", "customers", "1", "integer", "null", "null", "count", "subscriptions",
        "exact", "open", "null",
      ],
      [
        "2024-01", "2024-02-01", "ltv_to_cac", "null", "null", "null", "null", "ratio", "subscriptions",
        "exact", "open", "no expense data",
      ],
      [
        "2024-01", "2024-02-01", "mrr", "100000000", "integer", "null", "null", "money", "subscriptions",
        "exact", "open", "null",
      ],
      [
        "2024-01", "2024-02-01", "ndr_1m", "0.75", "real", "3", "4", "ratio", "subscriptions", "exact",
        "open", "null",
      ],
      [
        "2024-02", "2024-03-01", "ltv_to_cac", "2.5", "real", "null", "null", "ratio", "subscriptions",
        "exact", "open", "null",
      ],
    ])
  #expect(
    try warehouse.rows("select month, customer_id, currency, mrr from customer_mrr")
      == ["2024-01", "2024-02", "2024-03"].map { [$0, "1", "USD", "100000000"] })
  #expect(
    try warehouse.rows("select month, movement, amount from customer_movement") == [
      ["2024-01", "new", "100000000"]
    ])
  #expect(
    try warehouse.rows("select customer_id, name, described from customer") == [["1", "C1", "0"]])
  #expect(
    try warehouse.rows(
      "select system, natural_id, product, start_day, end_day, mrr, grade, file, line from charge")
      == [["billing", "a", "Suite", "2024-01-01", "null", "100000000", "assumed", "billing.csv", "2"]])
  #expect(
    try warehouse.rows("select month, from_currency, to_currency, rate, rate_day from rate_used")
      == [["2024-01", "EUR", "USD", "1.1", "2024-01-31"]])
  #expect(
    try warehouse.rows("select dimension, segment, first_month, last_month from customer_segment")
      == [["country", "DE", "2024-01", "2024-02"]])
  #expect(try WarehouseReader(reading: warehouse.path).integrityProblems().isEmpty)
}

@Test func figuresComeBackAsTheyWereStored() throws {
  let warehouse = try published()
  let reader = try WarehouseReader(reading: warehouse.path)
  let data = try #require(try reader.reportData(ReportNeed()))
  #expect(
    Set(data.figures.map(\.value)) == [
      .money(100_000_000), .count(1), .ratio(numerator: 3, denominator: 4),
      .moneyRatio(100_000_000, numerator: 100_000_000, denominator: 1), .null("no expense data"),
    ])
  #expect(data.bridge.map(\.segment) == [.all, SegmentKey("plan", "O'Neill")])
  #expect(data.bridge.map { $0.counts?.ending } == [1, nil])
  #expect(data.bridge.map(\.amounts.ending) == [100_000_000, 100_000_000])
  #expect(data.cohorts.map(\.age) == [0], "older ages were not reached yet")
  #expect(data.movements.map(\.movement) == [.new])
  #expect(data.customerNames == [1: "C1"])
  #expect(data.ratesUsed.map(\.rate) == [ExactRate(11, 10)])
  #expect(data.sources.map(\.rows) == [1])
  #expect(data.metrics == catalogue)
  #expect(data.provisionalMonths == [january])
  #expect(data.policyOverrides == ["trials: exclude"])
  let plans = try #require(try reader.reportData(ReportNeed(dimensions: ["country"], metrics: ["mrr"])))
  #expect(plans.bridge.count == 1)
  #expect(plans.figures.map(\.metric) == ["mrr"])
  let later = try #require(try reader.reportData(ReportNeed(month: january + 1, months: 1)))
  #expect(later.figures.map(\.value) == [.real(2.5)])
  #expect(later.cohorts.count == 2)
}

@Test func segmentsOfEarlierMonthsAreReadOnlyWhereTheirHistoryIsWanted() throws {
  let warehouse = try published()
  let reader = try WarehouseReader(reading: warehouse.path)
  func bridge(_ month: Month, _ history: [String]?) throws -> [SegmentKey] {
    var need = ReportNeed(month: month)
    need.segmentHistory = history
    return try #require(try reader.reportData(need)).bridge.map(\.segment)
  }
  #expect(try bridge(january, []) == [.all, SegmentKey("plan", "O'Neill")], "of the month itself all")
  #expect(try bridge(january + 1, []) == [.all])
  #expect(try bridge(january + 1, nil) == [.all, SegmentKey("plan", "O'Neill")])
}

@Test func storingTheSameFiguresAgainChangesNothingAndOthersReplaceThem() throws {
  let warehouse = try published()
  let before = try warehouse.contents()
  try publish(warehouse)
  #expect(try warehouse.contents() == before)
  try publish(warehouse, mrr: 7)
  #expect(try warehouse.rows("select value from metric_period where metric = 'mrr'") == [["7"]])
  #expect(try warehouse.rows("select count(*) from metric_period") == [["6"]])
}

@Test func aBridgeThatDoesNotAddUpPublishesNothing() throws {
  let warehouse = try published()
  let before = try warehouse.contents()
  #expect(throws: (any Error).self) {
    try warehouse.run { transaction in
      var wrong = try result(transaction)
      wrong.bridge[0].amounts.churn = -1
      try transaction.store(wrong, catalogue: catalogue, terms: terms())
      return .publish
    }
  }
  #expect(try warehouse.contents() == before)
}

@Test func aFigureOfAnUndeclaredMetricIsRefused() throws {
  let warehouse = try published()
  #expect(throws: UndeclaredMetric.self) {
    try warehouse.run { transaction in
      try transaction.store(try result(transaction), catalogue: [], terms: terms())
      return .publish
    }
  }
}

@Test func whatStandsBesideTheFiguresIsPublishedAndReadForReports() throws {
  let warehouse = try published()
  try warehouse.run { transaction in
    var result = try result(transaction)
    result.budgets = [
      BudgetLine(month: january, metric: "mrr", segment: .all, planned: .money(90_000_000)),
      BudgetLine(
        month: january, metric: "ndr_1m", segment: .all, planned: .ratio(numerator: 1, denominator: 2)),
      BudgetLine(month: january + 5, metric: "customers", segment: .all, planned: .count(7)),
    ]
    result.adjustments = [
      AdjustmentLine(
        month: january, metric: "mrr", customer: 1, amount: -5, native: -4, currency: Currency("EUR")!,
        author: "ann", reason: "late")
    ]
    result.forecasts = [
      ForecastLine(made: january, month: january + 1, low: 1, expected: 2, high: 3)
    ]
    result.movements.append(
      CustomerMovement(
        month: january + 1, customer: 1, movement: .churn, amount: -100_000_000, before: 100_000_000, after: 0
      ))
    result.churnParts = [
      ChurnPart(month: january + 1, customer: 1, reason: "price", mrr: 70_000_000),
      ChurnPart(month: january + 1, customer: 1, reason: "(none)", mrr: 30_000_000),
    ]
    try transaction.store(result, catalogue: catalogue, terms: terms())
    #expect(try transaction.notes(on: january, listsCustomers: false).adjustments == result.adjustments)
    return .publish
  }
  #expect(
    try warehouse.rows("select month, metric, planned, actual, unit from budget order by month, metric") == [
      ["2024-01", "mrr", "90000000", "100000000", "money"], ["2024-01", "ndr_1m", "0.5", "0.75", "ratio"],
      ["2024-06", "customers", "7", "null", "count"],
    ])
  #expect(
    try warehouse.rows("select month, metric, amount, native_amount, native_currency, author from adjustment")
      == [["2024-01", "mrr", "-5", "-4", "EUR", "ann"]])
  #expect(
    try warehouse.rows("select made, month, low, expected, high from forecast")
      == [["2024-01", "2024-02", "1", "2", "3"]])
  #expect(
    try warehouse.rows("select month, reason, customers, mrr from churn_reason order by reason")
      == [["2024-02", "(none)", "1", "30000000"], ["2024-02", "price", "1", "70000000"]])
  let reader = try WarehouseReader(reading: warehouse.path)
  let notes = try #require(try reader.reportData(ReportNeed(month: january))).notes
  #expect(notes.budgets.map(\.planned) == [.money(90_000_000), .ratio(numerator: 1, denominator: 2)])
  #expect(notes.customerNames == [1: "C1"])
  #expect(notes.forecasts.map(\.expected) == [2])
  #expect(notes.churnReasons.isEmpty)
  let later = try #require(try reader.reportData(ReportNeed(month: january + 1))).notes
  #expect(later.churnReasons.map(\.reason) == ["price", "(none)"])
  #expect(later.adjustments.isEmpty)
}

@Test func aCustomerOfWhomNoReasonIsKnownLeftForNone() throws {
  let warehouse = try published()
  try warehouse.run { transaction in
    var result = try result(transaction)
    result.movements.append(
      CustomerMovement(
        month: january + 1, customer: 1, movement: .churn, amount: -100_000_000, before: 100_000_000, after: 0
      ))
    try transaction.store(result, catalogue: catalogue, terms: terms())
    return .publish
  }
  #expect(
    try warehouse.rows("select month, reason, customers, mrr from churn_reason")
      == [["2024-02", "(none)", "1", "100000000"]])
}
