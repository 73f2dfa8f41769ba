import Model

extension MetricDefinition {
  static let involuntaryChurnShare = MetricDefinition(
    Metric(
      id: "involuntary_churn_share", title: "Involuntary churn", group: .delinquency, unit: .ratio,
      formula: "churned MRR after a failed payment / mrr_churn",
      definition:
        "Share of churned MRR of customers whose last payment in the 60 days before they left failed and was not recovered.",
      needs: [.payment, .recurringCharge], good: .down),
    .whole, of: .throughout,
    decidedBy: .movements.subtracting([.reactivationWindow])
  ) { context in
    guard let revenue = context.revenueTable(.payments) else { return context.noRevenue(.payments) }
    let failed = revenue.involuntary.sum(context.monthNumbers)
    return try ratio(failed, -Int128(context.bridge.churn), orElse: "no MRR churned")
  }
}
