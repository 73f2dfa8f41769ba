import Model

extension MetricDefinition {
  static let cac = MetricDefinition(
    Metric(
      id: "cac", title: "CAC", group: .unitEconomics, unit: .money,
      formula: "(sales + marketing, cac_lag months earlier) / customers_new",
      definition: "Customer acquisition cost: spending on sales and marketing for each new customer.",
      needs: [.recurringCharge, .expense], good: .down),
    .whole,
    decidedBy: .counts.union([.rateDate])
  ) { context in
    switch context.expenses(["sales", "marketing"], context.months(lag: context.settings.cacLag)) {
    case .unknown(let reason): return .null(reason)
    case .value(let spent): return try moneyRatio(spent, context.counts?.new ?? 0, orElse: "no new customers")
    }
  }
}
