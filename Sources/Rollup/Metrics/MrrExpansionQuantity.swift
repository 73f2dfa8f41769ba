import Model

extension MetricDefinition {
  static let mrrExpansionQuantity = MetricDefinition(
    Metric(
      id: "mrr_expansion_quantity", title: "Expansion by quantity", group: .movement, unit: .money,
      formula: "share of the expansion of staying customers, by charges whose units changed",
      definition:
        "Expansion of staying customers by more units of a plan they had. The four parts (quantity, cross-sell, price and upsell) add up to Expansion MRR, shared out over what rose in each.",
      needs: [.recurringCharge], good: .up),
    .whole, of: .throughout,
    decidedBy: .movements.subtracting([.reactivationWindow])
  ) { context in
    .money(context.totals.expansion(.quantity, context.monthNumbers))
  }
}
