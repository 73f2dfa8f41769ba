import Model

extension MetricDefinition {
  static let usageFrequency = MetricDefinition(
    Metric(
      id: "usage_frequency", title: "Usage frequency", group: .usage, unit: .days,
      formula: "days with use, user by user / active_users",
      definition:
        "On how many days of the period's last month an active user used the product, on average.",
      needs: [.usageEvent], good: .up),
    .byCustomer(.usageEvent), of: .none,
    decidedBy: [.customerIs]
  ) { context in
    context.usage { usage, segment, month in
      ratio(usage.daily(segment, month), usage.active(segment, month), orElse: "nobody used the product")
    }
  }
}
