import Model

extension MetricDefinition {
  static let winRate = MetricDefinition(
    Metric(
      id: "win_rate", title: "Win rate", group: .crm, unit: .ratio,
      formula: "won / (won + lost), closed in the period",
      definition: "Share of the deals closed in the period that were won.",
      needs: [.opportunity], good: .up),
    .whole
  ) { context in
    let deals = context.totals.deals
    guard deals.isFed else { return .null("no opportunity data") }
    let won = context.monthNumbers.reduce(0) { $0 + deals.won[$1] }
    let lost = context.monthNumbers.reduce(0) { $0 + deals.lost[$1] }
    return ratio(won, won + lost, orElse: "no deal was closed")
  }
}
