import Model

extension MetricDefinition {
  static let mrrExpansionCrossSell = MetricDefinition(
    Metric(
      id: "mrr_expansion_cross_sell", title: "Cross-sell", group: .movement, unit: .money,
      formula: "share of the expansion of staying customers, by products they had not",
      definition:
        "Expansion of staying customers by a product they had not. The four parts (quantity, cross-sell, price and upsell) add up to Expansion MRR, shared out over what rose in each.",
      needs: [.recurringCharge], good: .up),
    .whole, of: .throughout,
    decidedBy: .movements.subtracting([.reactivationWindow])
  ) { context in
    .money(context.totals.expansion(.crossSell, context.monthNumbers))
  }
}
