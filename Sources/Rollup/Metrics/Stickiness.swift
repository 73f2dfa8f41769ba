import Model

extension MetricDefinition {
  static let stickiness = MetricDefinition(
    Metric(
      id: "stickiness", title: "Stickiness", group: .usage, unit: .ratio,
      formula: "sum of each day's active users / (days of the month x active_users)",
      definition:
        "Mean of the daily active users over the active users of the period's last month.",
      needs: [.usageEvent], good: .up),
    .byCustomer(.usageEvent), of: .none,
    decidedBy: [.customerIs]
  ) { context in
    context.usage { usage, segment, month in
      let days = Int64(context.period.last.lastDay.number - context.period.last.firstDay.number + 1)
      return ratio(
        usage.daily(segment, month), days * usage.active(segment, month), orElse: "nobody used the product")
    }
  }
}
