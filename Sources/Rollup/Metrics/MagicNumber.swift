import Model

extension MetricDefinition {
  static let magicNumber = MetricDefinition(
    Metric(
      id: "magic_number", title: "Magic number", group: .unitEconomics, unit: .ratio,
      formula: "4 x (revenue of 3 months - of the 3 before) / (sales + marketing of the 3 before)",
      definition:
        "Yearly revenue won for each unit spent on sales and marketing the quarter before. Revenue is recognized revenue where invoices or contracts tell of all six months, else MRR.",
      needs: [.recurringCharge, .expense], good: .up),
    .whole, of: .back(5),
    decidedBy: .mrr
  ) { context in
    let month = context.month
    guard let now = context.revenue((month - 2)...month, in: (month - 5)...month),
      let before = context.revenue((month - 5)...(month - 3), in: (month - 5)...month)
    else {
      return .null("the window reaches before the first month")
    }
    switch context.expenses(["sales", "marketing"], (month - 5)...(month - 3)) {
    case .unknown(let reason): return .null(reason)
    case .value(let spent):
      return try ratio(4 * (now - before), spent, orElse: "nothing was spent on sales and marketing")
    }
  }
}
