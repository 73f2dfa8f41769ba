import Model

extension MetricDefinition {
  static let winRate = MetricDefinition(
    Metric(
      id: "win_rate", title: "Win rate", group: .crm, unit: .ratio,
      formula: "won / (won + lost), closed in the period",
      definition: "Share of the deals closed in the period that were won.",
      needs: [.opportunity], good: .up),
    .whole, of: .none,
    decidedBy: []
  ) { context in
    let deals = context.totals.deals
    guard deals.isFed else { return .null("no opportunity data") }
    let closed = deals.closed(in: context.monthNumbers)
    return ratio(closed.won, closed.won + closed.lost, orElse: "no deal was closed")
  }
}
