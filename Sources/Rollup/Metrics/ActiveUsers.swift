import Model

extension MetricDefinition {
  static let activeUsers = MetricDefinition(
    Metric(
      id: "active_users", title: "Active users", group: .usage, unit: .count,
      formula: "distinct users in the period's last month",
      definition:
        "Users that used the product in the period's last month; a customer without named users is one.",
      needs: [.usageEvent], good: .up),
    .byCustomer(.usageEvent), of: .none,
    decidedBy: [.customerIs]
  ) { context in
    context.usage { usage, segment, month in .count(usage.active(segment, month)) }
  }
}
