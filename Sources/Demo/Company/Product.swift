/// What the company sells.
enum Product: Int, CaseIterable {
  case starter, team, business, enterprise, insights

  var name: String {
    switch self {
    case .starter: "Starter"
    case .team: "Team"
    case .business: "Business"
    case .enterprise: "Enterprise"
    case .insights: "Insights"
    }
  }

  /// Cents of a US dollar for one seat and month.
  var monthlyCents: Int64 {
    switch self {
    case .starter: 1200
    case .team: 2400
    case .business: 4200
    case .enterprise: 6900
    case .insights: 900
    }
  }

  var next: Product? {
    switch self {
    case .starter: .team
    case .team: .business
    case .business: .enterprise
    case .enterprise, .insights: nil
    }
  }
}
