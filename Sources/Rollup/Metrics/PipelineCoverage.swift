import Model

extension MetricDefinition {
  static let pipelineCoverage = MetricDefinition(
    Metric(
      id: "pipeline_coverage", title: "Pipeline coverage", group: .crm, unit: .ratio,
      formula: "pipeline_amount / budgeted mrr_new of the next three months",
      definition:
        "How many times the deals open at the close cover the new MRR planned for the three months after it.",
      needs: [.opportunity, .budget], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    let deals = context.totals.deals
    guard deals.isFed else { return .null("no opportunity data") }
    switch context.totals.plans.budget("mrr_new", (context.month + 1)...(context.month + 3)) {
    case .unknown(let reason): return .null(reason)
    case .value(let planned):
      return try ratio(deals.pipeline[context.month], planned, orElse: "no new MRR is planned")
    }
  }
}
