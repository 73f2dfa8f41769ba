import Model

/// The figures that stand first, also where no definition says which: on the terminal and in messages.
enum Headlines {
  private static let usual = [
    "mrr", "arr", "mrr_net_new", "headline_ndr", "headline_gdr", "customers", "customer_churn_rate",
    "gross_mrr_churn_rate", "net_mrr_churn_rate", "arpa", "quick_ratio", "own",
  ]

  static func metrics(_ data: ReportData) -> [String] { usual.flatMap { metrics(named: $0, data) } }

  /// The metrics a name stands for: mostly itself.
  static func metrics(named name: String, _ data: ReportData) -> [String] {
    switch SectionDefinition.Stand(rawValue: name) {
    case .headlineNDR: [data.headlineNDR]
    case .headlineGDR: [gross(data)]
    case .own: data.metrics.filter { $0.group == .own }.map(\.id).sorted()
    case nil: [name]
    }
  }

  /// The gross counterpart of the headline net retention, where there is one.
  static func gross(_ data: ReportData) -> String {
    guard data.headlineNDR.hasPrefix("ndr_") else { return "gdr_t12m" }
    let counterpart = "gdr_" + data.headlineNDR.dropFirst(4)
    return data.metrics.contains { $0.id == counterpart } ? counterpart : "gdr_t12m"
  }
}
