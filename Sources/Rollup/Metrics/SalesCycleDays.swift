import Model

extension MetricDefinition {
  static let salesCycleDays = MetricDefinition(
    Metric(
      id: "sales_cycle_days", title: "Sales cycle", group: .crm, unit: .days,
      formula: "mean of days from created to won, of deals won in the period",
      definition: "Mean number of days from a deal's creation to winning it.",
      needs: [.opportunity], good: .down),
    .whole, of: .none,
    decidedBy: []
  ) { context in
    let deals = context.totals.deals
    guard deals.isFed else { return .null("no opportunity data") }
    let closed = deals.closed(in: context.monthNumbers)
    return ratio(closed.cycleDays, closed.cycles, orElse: "no deal was won")
  }
}
