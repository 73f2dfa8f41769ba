import Model

extension MetricDefinition {
  static let pipelineAmount = MetricDefinition(
    Metric(
      id: "pipeline_amount", title: "Pipeline", group: .crm, unit: .money,
      formula: "sum of the amounts of deals open at the close",
      definition: "Deals open at the period's end, at the rates of its last month.",
      needs: [.opportunity], good: .up),
    .whole, of: .none,
    decidedBy: .rates
  ) { context in
    let deals = context.totals.deals
    guard deals.isFed else { return .null("no opportunity data") }
    return try money(deals.pipeline[context.month])
  }
}
