import Model

/// What a figure of revenue needs to be fed.
enum RevenueNeed {
  case contracts, invoices, invoiceRows, payments
  /// Invoices or contracts.
  case service

  var entities: Set<EntityKind> {
    switch self {
    case .contracts: [.contract]
    case .invoices: [.invoice, .invoiceLine]
    case .invoiceRows: [.invoice]
    case .payments: [.payment]
    case .service: [.invoice, .invoiceLine, .contract]
    }
  }

  var reason: String {
    switch self {
    case .contracts: "no contract data"
    case .invoices, .invoiceRows: "no invoice data"
    case .payments: "no payment data"
    case .service: "no invoice or contract data"
    }
  }
}

extension RevenueTable {
  func sum(_ amounts: KeyPath<RevenueTable, [Int64]>, _ months: ClosedRange<Int>) -> Int64 {
    let amounts = self[keyPath: amounts]
    return months.reduce(0) { $0 + ($1 < 0 || $1 >= amounts.count ? 0 : amounts[$1]) }
  }

  /// At the close of a month; of those before the first published one, what it opened with.
  func deferred(closing month: Int) -> Int64 { month < 0 ? opening.deferred : deferred[month] }
  private func asset(closing month: Int) -> Int64 { month < 0 ? opening.asset : asset[month] }

  func assetChange(_ months: ClosedRange<Int>) -> Int64 {
    asset(closing: months.upperBound) - asset(closing: months.lowerBound - 1)
  }

  /// What is left of the way from opening to closing.
  func exchange(_ months: ClosedRange<Int>) -> Int64 {
    deferred(closing: months.upperBound) - deferred(closing: months.lowerBound - 1) - sum(\.billings, months)
      + sum(\.recognized, months) - assetChange(months)
  }
}

extension MetricContext {
  func revenueTable(_ need: RevenueNeed) -> RevenueTable? {
    totals.revenue.fed.isDisjoint(with: need.entities) ? nil : totals.revenue
  }

  func noRevenue(_ need: RevenueNeed) -> MetricValue { .null(need.reason) }

  /// Sum over the period's months.
  func revenueFlow(_ amounts: KeyPath<RevenueTable, [Int64]>, _ need: RevenueNeed) -> MetricValue {
    revenueTable(need).map { .money($0.sum(amounts, monthNumbers)) } ?? noRevenue(need)
  }

  /// At the close of the period's last month.
  func revenueLevel(_ amounts: KeyPath<RevenueTable, [Int64]>, _ need: RevenueNeed) -> MetricValue {
    revenueTable(need).map { .money($0[keyPath: amounts][month]) } ?? noRevenue(need)
  }

  func paymentCount(_ counts: KeyPath<RevenueTable, [Int64]>) -> MetricValue {
    revenueTable(.payments).map { .count($0.sum(counts, monthNumbers)) } ?? noRevenue(.payments)
  }

  var constantGrowth: MetricValue {
    guard let revenue = revenueTable(.service) else { return noRevenue(.service) }
    let length = monthNumbers.count
    let back = period.grain == .month ? 12 : length
    let before = (monthNumbers.lowerBound - back)...(monthNumbers.upperBound - back)
    guard before.lowerBound >= 0 else {
      return .null("the period compared with reaches before the first month")
    }
    let prior = revenue.sum(\.recognized, before)
    guard prior > 0 else { return .null("no revenue in the period compared with") }
    guard let now = revenue.recognized(monthNumbers, atRatesOf: before) else {
      return .null("a currency has no rate in the period compared with")
    }
    return .ratio(numerator: now - prior, denominator: prior)
  }

  /// Whether recognized revenue is known of all published months among these.
  func isRecognized(_ months: ClosedRange<Int>) -> Bool {
    guard segment == 0, let revenue = revenueTable(.service), let first = revenue.firstMonth else {
      return false
    }
    return first <= max(0, months.lowerBound)
  }
}
