import Model

extension SampleCompany {
  /// Everything a warehouse would hand to the reports.
  func reportData(dimensions: [String]) -> ReportData {
    var figures: [Figure] = []
    var bridge: [BridgeRow] = []
    for month in 0..<count {
      for dimension in ["all"] + dimensions {
        for valuation: Valuation in [.asReported, .constant] {
          let rows = self.bridge(month, valuation, dimension)
          for (segment, row) in rows.sorted(by: { $0.key < $1.key }) {
            let key = SegmentKey(dimension, segment)
            let isOfCharges = dimension == "plan" || dimension == "currency"
            bridge.append(
              BridgeRow(
                period: Self.period(first + month), segment: key, currency: reporting, valuation: valuation,
                amounts: row.0, counts: isOfCharges ? nil : row.1, state: state(month)))
            figures += levels(month, key, valuation, row.0, row.1)
          }
          let segments = Set(rows.keys).sorted()
          for segment in segments {
            figures += retention(month, SegmentKey(dimension, segment), valuation)
          }
        }
      }
    }
    var data = ReportData(
      company: name, month: last, currency: reporting, zoneName: "Europe/Berlin", policyName: "standard@1",
      policyOverrides: ["trials: include_priced"], fiscalYearStart: 1, headlineNDR: "ndr_t12m",
      figures: figures,
      bridge: bridge, cohorts: cohorts(), movements: movements(),
      customerNames: Dictionary(uniqueKeysWithValues: customers.map { ($0.id, $0.name) }),
      ratesUsed: ratesUsed(),
      sources: [
        .init(
          name: "billing", dataThrough: Moment(day: last.lastDay), rows: customers.count * 7, quarantined: 3),
        .init(
          name: "crm", dataThrough: Moment(instant: Int64(last.end.number) * 86_400), rows: customers.count,
          quarantined: 0),
      ],
      metrics: SampleMetrics.all, provisionalMonths: [last], unlinkedAccounts: 4, unlinkedCustomers: 11)
    data.customerKeys = Dictionary(
      uniqueKeysWithValues: customers.map { ($0.id, CustomerKey(system: "billing", id: naturalID($0))) })
    return data
  }

  private func state(_ month: Int) -> PeriodState { month == count - 1 ? .provisional : .open }

  private func figure(
    _ metric: String, _ month: Int, _ key: SegmentKey, _ valuation: Valuation, _ value: MetricValue
  ) -> Figure {
    Figure(
      period: Self.period(first + month), metric: metric, segment: key, currency: reporting,
      valuation: valuation,
      value: value, grade: .exact, state: state(month))
  }

  private func ratio(_ numerator: Int64, _ denominator: Int64, _ reason: String) -> MetricValue {
    denominator == 0 ? .null(reason) : .ratio(numerator: numerator, denominator: denominator)
  }

  private func levels(
    _ month: Int, _ key: SegmentKey, _ valuation: Valuation, _ amounts: BridgeAmounts, _ counts: BridgeCounts
  ) -> [Figure] {
    func make(_ metric: String, _ value: MetricValue) -> Figure {
      figure(metric, month, key, valuation, value)
    }
    let won = amounts.new + amounts.reactivation + amounts.expansion
    let lost = -amounts.contraction - amounts.churn
    let base = amounts.starting + amounts.fx
    return [
      make("mrr", .money(amounts.ending)), make("arr", .money(amounts.ending * 12)),
      make("mrr_net_new", .money(won - lost)), make("customers", .count(counts.ending)),
      make(
        "arpa",
        counts.ending == 0
          ? .null("there are no customers")
          : .moneyRatio(
            (amounts.ending + counts.ending / 2) / counts.ending, numerator: amounts.ending,
            denominator: counts.ending)),
      make("quick_ratio", ratio(won, lost, "nothing was lost in the month")),
      make(
        "customer_churn_rate",
        ratio(counts.churned, counts.starting, "no customers at the start of the month")),
      make("gross_mrr_churn_rate", ratio(lost, base, "no MRR at the start of the month")),
      make("net_mrr_churn_rate", ratio(lost - amounts.expansion, base, "no MRR at the start of the month")),
    ]
  }

  private func retention(_ month: Int, _ key: SegmentKey, _ valuation: Valuation) -> [Figure] {
    var figures: [Figure] = []
    for (name, length) in [("1m", 1), ("3m", 3), ("t12m", 12)] {
      guard month >= length else {
        for kind in ["ndr", "gdr"] {
          figures.append(
            figure(
              "\(kind)_\(name)", month, key, valuation,
              .null("the window of \(length) months reaches before the first data")))
        }
        continue
      }
      let sums = window(month, length, key, valuation)
      figures.append(
        figure("ndr_\(name)", month, key, valuation, ratio(sums.now, sums.then, "no MRR at the start")))
      figures.append(
        figure("gdr_\(name)", month, key, valuation, ratio(sums.kept, sums.then, "no MRR at the start")))
    }
    guard key == .all else { return figures }
    var net = 1.0
    for step in max(1, month - 11)..<max(1, month + 1) {
      let sums = window(step, 1, key, valuation)
      net *= Double(sums.now) / Double(max(1, sums.then))
    }
    let reason = MetricValue.null("the window of 12 months reaches before the first data")
    figures.append(figure("ndr_t12m_compounded", month, key, valuation, month >= 12 ? .real(net) : reason))
    var now: Int64 = 0
    var then: Int64 = 0
    for customer in customers where month >= 12 && customer.prices.firstIndex(where: { $0 > 0 }) == month - 12
    {
      now += value(customer, month, at: valuation == .constant ? month - 12 : month)
      then += value(customer, month - 12, at: month - 12)
    }
    let signup = month >= 12 ? ratio(now, then, "no customer signed up a year ago") : reason
    figures.append(figure("ndr_signup_cohort", month, key, valuation, signup))
    return figures
  }

  private func window(
    _ month: Int, _ length: Int, _ key: SegmentKey, _ valuation: Valuation
  ) -> (now: Int64, then: Int64, kept: Int64) {
    var sums: (now: Int64, then: Int64, kept: Int64) = (0, 0, 0)
    let opening = month - length
    for customer in customers {
      let then = value(customer, opening, at: opening)
      guard then > 0, key == .all || segment(customer, key.dimension, opening) == key.segment else {
        continue
      }
      let now = value(customer, month, at: valuation == .constant ? opening : month)
      sums.now += now
      sums.then += then
      sums.kept += min(now, then)
    }
    return sums
  }

  private func movements() -> [CustomerMovement] {
    let month = count - 1
    var result: [CustomerMovement] = []
    for customer in customers {
      let before = value(customer, month - 1, at: month - 1)
      let opening = value(customer, month - 1, at: month)
      let close = value(customer, month, at: month)
      if opening != before {
        result.append(
          .init(
            month: last, customer: customer.id, movement: .fx, amount: opening - before, before: before,
            after: opening))
      }
      if let kind = movement(customer, month, opening, close) {
        result.append(
          .init(
            month: last, customer: customer.id, movement: kind, amount: close - opening, before: opening,
            after: close))
      }
    }
    return result
  }

  private func cohorts() -> [CohortCell] {
    var cells: [CohortCell] = []
    for length in [1, 3] {
      var start = 0
      while (first + start).monthOfYear % length != (length == 1 ? 0 : 1) { start += 1 }
      for cohort in stride(from: start, through: count - length, by: length) {
        let members = customers.filter {
          guard let joined = $0.prices.firstIndex(where: { $0 > 0 }) else { return false }
          return (cohort..<cohort + length).contains(joined)
        }
        let end = cohort + length - 1
        let last = first + end
        let label = length == 1 ? "\(last)" : "\(last.year)-Q\((last.monthOfYear + 2) / 3)"
        for (age, month) in stride(from: end, to: count, by: length).enumerated() {
          var cell = CohortCell(
            period: Period(
              grain: length == 1 ? .month : .quarter, first: first + cohort, last: last, label: label),
            age: age, segment: .all, customers: 0, net: 0, gross: 0, customersAtStart: 0, mrrAtStart: 0)
          for member in members {
            let then = value(member, end, at: end)
            let now = value(member, month, at: end)
            cell.net += now
            cell.gross += min(then, now)
            cell.mrrAtStart += then
            if now > 0 { cell.customers += 1 }
            if then > 0 { cell.customersAtStart += 1 }
          }
          if cell.customersAtStart > 0 { cells.append(cell) }
        }
      }
    }
    return cells
  }

  private func ratesUsed() -> [RateUsed] {
    rates.sorted { $0.key < $1.key }.flatMap { currency, rates in
      (0..<count).map { month in
        RateUsed(
          month: first + month, from: currency, to: reporting, rate: rates[month + 1],
          day: (first + month).lastDay)
      }
    }
  }
}
