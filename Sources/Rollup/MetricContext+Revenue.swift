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
  func assetChange(_ months: ClosedRange<Int>) -> Int128 {
    Int128(asset[months.upperBound]) - Int128(asset[months.lowerBound - 1])
  }

  /// What is left of the way from opening to closing.
  func exchange(_ months: ClosedRange<Int>) -> Int128 {
    Int128(deferred[months.upperBound]) - Int128(deferred[months.lowerBound - 1]) - billings.sum(months)
      + recognized.sum(months) - assetChange(months)
  }
}

extension MetricContext {
  func revenueTable(_ need: RevenueNeed) -> RevenueTable? {
    totals.revenue.fed.isDisjoint(with: need.entities) ? nil : totals.revenue
  }

  func noRevenue(_ need: RevenueNeed) -> MetricValue { .null(need.reason) }

  /// Sum over the period's months.
  func revenueFlow(
    _ amounts: KeyPath<RevenueTable, MonthlyAmounts>, _ need: RevenueNeed
  ) throws(TooLargeToPublish) -> MetricValue {
    guard let revenue = revenueTable(need) else { return noRevenue(need) }
    return try money(revenue[keyPath: amounts].sum(monthNumbers))
  }

  /// At the close of the period's last month.
  func revenueLevel(_ amounts: KeyPath<RevenueTable, MonthlyAmounts>, _ need: RevenueNeed) -> MetricValue {
    revenueTable(need).map { .money($0[keyPath: amounts][month]) } ?? noRevenue(need)
  }

  func paymentCount(_ counts: KeyPath<RevenueTable, MonthlyAmounts>) -> MetricValue {
    guard let payments = revenueTable(.payments) else { return noRevenue(.payments) }
    return .count(monthNumbers.reduce(0) { $0 + payments[keyPath: counts][$1] })
  }

  func constantGrowth() throws(TooLargeToPublish) -> MetricValue {
    guard let revenue = revenueTable(.service) else { return noRevenue(.service) }
    let length = monthNumbers.count
    let back = period.grain == .month ? 12 : length
    let before = (monthNumbers.lowerBound - back)...(monthNumbers.upperBound - back)
    guard before.lowerBound >= 0 else {
      return .null("the period compared with reaches before the first month")
    }
    let prior = revenue.recognized.sum(before)
    guard prior > 0 else { return .null("no revenue in the period compared with") }
    guard let now = revenue.recognized(monthNumbers, atRatesOf: before) else {
      return .null("a currency has no rate in the period compared with")
    }
    return try ratio(now - prior, prior, orElse: "")
  }

  /// Whether recognized revenue is known of all published months among these.
  func isRecognized(_ months: ClosedRange<Int>) -> Bool {
    guard segment == 0, let revenue = revenueTable(.service), let first = revenue.firstMonth else {
      return false
    }
    return first <= max(0, months.lowerBound)
  }
}
