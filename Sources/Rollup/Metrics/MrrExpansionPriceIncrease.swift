import Model

extension MetricDefinition {
  static let mrrExpansionPriceIncrease = MetricDefinition(
    Metric(
      id: "mrr_expansion_price_increase", title: "Expansion by price", group: .movement, unit: .money,
      formula: "share of the expansion of staying customers, by charges whose price rose",
      definition:
        "Expansion of staying customers by a higher price of a plan they had in the same number. The four parts (quantity, cross-sell, price and upsell) add up to Expansion MRR, shared out over what rose in each.",
      needs: [.recurringCharge], good: .up),
    .whole, of: .throughout,
    decidedBy: .movements.subtracting([.reactivationWindow])
  ) { context in
    .money(context.totals.expansion(.priceIncrease, context.monthNumbers))
  }
}
