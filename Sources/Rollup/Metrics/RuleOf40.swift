import Model

extension MetricDefinition {
  static let ruleOf40 = MetricDefinition(
    Metric(
      id: "rule_of_40", title: "Rule of 40", group: .unitEconomics, unit: .ratio,
      formula: "yearly ARR growth + operating margin of twelve months",
      definition: "Growth and margin added up; 40 % and more is called healthy.",
      needs: [.recurringCharge, .expense], good: .up),
    .whole, of: .back(12),
    decidedBy: .mrr
  ) { context in
    let month = context.month
    guard month >= 12 else { return .null("the window reaches before the first month") }
    let (then, now) = (
      context.totals.mrr(context.segment, month - 12), context.totals.mrr(context.segment, month)
    )
    guard then > 0 else { return .null("no MRR twelve months ago") }
    switch context.margin(MetricContext.runningCosts, (month - 11)...month) {
    case .unknown(let reason): return .null(reason)
    case .value(let margin):
      return .real(Double(now - then) / Double(then) + Double(margin.left) / Double(margin.revenue))
    }
  }
}
