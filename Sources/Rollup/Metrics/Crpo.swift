import Model

extension MetricDefinition {
  static let crpo = MetricDefinition(
    Metric(
      id: "crpo", title: "Current remaining performance obligations", group: .revenue, unit: .money,
      formula: "of rpo what is recognized in the next 12 months",
      definition:
        "The part of the remaining performance obligations that is earned within twelve months of the close.",
      needs: [.invoiceLine, .contract], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    context.revenueLevel(\.currentObligation, .service)
  }
}
