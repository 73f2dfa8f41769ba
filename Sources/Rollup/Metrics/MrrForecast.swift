import Model

extension MetricDefinition {
  static let mrrForecast = MetricDefinition(
    Metric(
      id: "mrr_forecast", title: "MRR in twelve months", group: .forecast, unit: .money,
      formula: "MRR x (1 + mean of 6 net growth rates without new) + mean new of 6, month by month",
      definition:
        "MRR to be expected twelve months on if the next year goes like the last six months.",
      needs: [.recurringCharge], good: .up),
    .whole, of: .back(6),
    decidedBy: .movements
  ) { context in
    guard let forecast = Forecast(context.totals, made: context.month) else {
      return .null("fewer than six months with an opening")
    }
    guard let last = forecast.lines(made: context.period.last).last else {
      return .null("at the rates of the last six months a year leads beyond what can be counted")
    }
    return .money(last.expected)
  }
}
