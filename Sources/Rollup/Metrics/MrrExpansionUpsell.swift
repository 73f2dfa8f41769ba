import Model

extension MetricDefinition {
  static let mrrExpansionUpsell = MetricDefinition(
    Metric(
      id: "mrr_expansion_upsell", title: "Upsell", group: .movement, unit: .money,
      formula: "share of the expansion of staying customers, by plans of a product they had",
      definition:
        "Expansion of staying customers by another plan of a product they had. The four parts (quantity, cross-sell, price and upsell) add up to Expansion MRR, shared out over what rose in each.",
      needs: [.recurringCharge], good: .up),
    .whole, of: .throughout,
    decidedBy: .movements.subtracting([.reactivationWindow])
  ) { context in
    .money(context.totals.expansion(.upsell, context.monthNumbers))
  }
}
