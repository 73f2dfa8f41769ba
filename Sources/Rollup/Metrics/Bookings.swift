import Model

extension MetricDefinition {
  static let bookings = MetricDefinition(
    Metric(
      id: "bookings", title: "Bookings", group: .revenue, unit: .money,
      formula: "sum of the amounts of contracts signed",
      definition:
        "Total value of the contracts signed in the period, a ramp by its steps; drafts left out.",
      needs: [.contract], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    try context.revenueFlow(\.bookings, .contracts)
  }
}
