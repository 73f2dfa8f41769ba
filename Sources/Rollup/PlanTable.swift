import Model

/// What is planned and what was entered by hand, checked against the catalogue and in the reporting currency.
struct PlanTable {
  private(set) var budgets: [BudgetLine] = []
  private(set) var adjustments: [AdjustmentLine] = []
  private(set) var findings: [Finding] = []
  private(set) var ratesUsed: [RateUsed] = []
  private var planned: [Key: MetricValue] = [:]
  private let calendar: ReportingCalendar
  private let isFed: Bool

  private struct Key: Hashable {
    var month: Int
    var metric: String
    var segment: SegmentKey
  }

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar) {
    self.calendar = calendar
    isFed = book.fed.contains(.budget)
    guard !book.budgets.isEmpty || !book.adjustments.isEmpty else { return }
    let months = (book.budgets.map(\.day) + book.adjustments.map(\.day)).map {
      settings.zone.day(of: $0).month
    }
    var rates = BookRates(book, settings, calendar, earliest: months.min())
    let units = Dictionary(uniqueKeysWithValues: metricCatalogue.map { ($0.id, $0.unit) })
    addBudgets(book.budgets, units, settings, &rates)
    addAdjustments(book.adjustments, units, settings, &rates)
    findings += rates.findings
    ratesUsed = rates.ratesUsed
  }

  /// What is planned for a metric of the whole in a month.
  func budget(_ metric: String, _ month: Int) -> Known<MetricValue> {
    guard isFed else { return .unknown("no budget data") }
    return planned[Key(month: month, metric: metric, segment: .all)].map { .value($0) }
      ?? .unknown("no budget of \(metric) for \(calendar.first + month)")
  }

  /// Sum of what is planned for a metric of money over months, or why it is not known.
  func budget(_ metric: String, _ months: ClosedRange<Int>) -> Known<Int128> {
    var sum: Int128 = 0
    for month in months {
      switch budget(metric, month) {
      case .value(.money(let amount)): sum += Int128(amount)
      case .value: return .unknown("the budget of \(metric) for \(calendar.first + month) is no amount")
      case .unknown(let reason): return .unknown(reason)
      }
    }
    return .value(sum)
  }

  private mutating func addBudgets(
    _ budgets: [Book.Budget], _ units: [String: Metric.Unit], _ settings: RollupSettings,
    _ rates: inout BookRates
  ) {
    var latest: [Key: Book.Budget] = [:]
    var twice = 0
    for budget in budgets {
      let key = Key(
        month: settings.zone.day(of: budget.day).month - calendar.first, metric: budget.metric,
        segment: budget.segment)
      guard let known = latest[key] else {
        latest[key] = budget
        continue
      }
      twice += 1
      if order(known, settings) < order(budget, settings) { latest[key] = budget }
    }
    var unknown: Set<String> = []
    var unfit: Set<String> = []
    for (key, budget) in latest {
      guard let unit = units[key.metric] else {
        unknown.insert(key.metric)
        continue
      }
      // No figure of that month is published beside it.
      if key.month < 0, let currency = budget.currency, !rates.knows(currency, key.month) { continue }
      guard let value = value(budget, unit, key.month, &rates, settings) else {
        unfit.insert(key.metric)
        continue
      }
      planned[key] = value
      self.budgets.append(
        BudgetLine(
          month: calendar.first + key.month, metric: key.metric, segment: key.segment, planned: value))
    }
    self.budgets.sort { ($0.month, $0.metric, $0.segment) < ($1.month, $1.metric, $1.segment) }
    findings += Self.unknownMetrics(unknown, of: "budget")
    findings += unfit.sorted().map { metric in
      Finding(
        .warning, "budget-of-another-unit",
        "the budget of `\(metric)` is not in the metric's unit, \(units[metric]?.rawValue ?? "")",
        consequence: "it is shown nowhere",
        remedy: "map `amount` and `currency` for money, `value` for anything else; counts are whole numbers")
    }
    if twice > 0 {
      findings.append(
        Finding(
          .warning, "budget-stated-twice",
          "\(twice) budgets are of a month, metric and segment that have one already",
          consequence: "that of the latest day counts, on one day the larger"))
    }
  }

  private func order(_ budget: Book.Budget, _ settings: RollupSettings) -> (Int32, Int64, Int64) {
    (settings.zone.day(of: budget.day).number, budget.amount ?? .min, budget.value ?? .min)
  }

  /// nil where the budget is of another unit than its metric.
  private func value(
    _ budget: Book.Budget, _ unit: Metric.Unit, _ month: Int, _ rates: inout BookRates,
    _ settings: RollupSettings
  ) -> MetricValue? {
    guard unit != .money else {
      guard let amount = budget.amount else { return nil }
      let currency = budget.currency ?? settings.currency
      return .money(rates.converted(Int128(amount), currency, month, neededBy: "a budget"))
    }
    guard let value = budget.value else { return nil }
    if unit == .count { return value % 1_000_000 == 0 ? .count(value / 1_000_000) : nil }
    return .ratio(numerator: value, denominator: 1_000_000)
  }

  private mutating func addAdjustments(
    _ entries: [Book.Adjustment], _ units: [String: Metric.Unit], _ settings: RollupSettings,
    _ rates: inout BookRates
  ) {
    var unknown: Set<String> = []
    var unfit: Set<String> = []
    for entry in entries {
      let month = settings.zone.day(of: entry.day).month
      guard let unit = units[entry.metric] else {
        unknown.insert(entry.metric)
        continue
      }
      guard unit == .money else {
        unfit.insert(entry.metric)
        continue
      }
      guard month <= calendar.last else { continue }
      if month < calendar.first, !rates.knows(entry.currency, month - calendar.first) { continue }
      adjustments.append(
        AdjustmentLine(
          month: month, metric: entry.metric, customer: entry.customer,
          amount: rates.converted(
            Int128(entry.amount), entry.currency, month - calendar.first, neededBy: "an adjustment"),
          native: entry.amount, currency: entry.currency, author: entry.author, reason: entry.reason))
    }
    adjustments.sort {
      ($0.month, $0.metric, $0.customer ?? 0, $0.native, $0.author, $0.reason)
        < ($1.month, $1.metric, $1.customer ?? 0, $1.native, $1.author, $1.reason)
    }
    findings += Self.unknownMetrics(unknown, of: "adjustment")
    findings += unfit.sorted().map { metric in
      Finding(
        .warning, "adjustment-of-another-unit",
        "an adjustment is of `\(metric)`, which is no amount of money",
        consequence: "it is shown nowhere", remedy: "name a metric of money")
    }
  }

  private static func unknownMetrics(_ names: Set<String>, of entity: String) -> [Finding] {
    names.sorted().map { name in
      Finding(
        .warning, "row-of-unknown-metric", "there is no metric `\(name)`, named by a row of \(entity)",
        consequence: "the row is shown nowhere",
        remedy: nearest(to: name, among: metricCatalogue.map(\.id)).map { "did you mean `\($0)`?" }
          ?? "`perennial metrics` lists all")
    }
  }
}
