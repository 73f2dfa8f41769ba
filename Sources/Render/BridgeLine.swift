import Model

/// One line of the MRR bridge.
enum BridgeLine: String, CaseIterable {
  case starting, restatement
  case transferIn = "transfer_in"
  case transferOut = "transfer_out"
  case new, reactivation, expansion, contraction, churn, fx, ending

  static let movements: [BridgeLine] = [.new, .reactivation, .expansion, .contraction, .churn, .fx]

  var title: String {
    switch self {
    case .starting: "Starting"
    case .restatement: "Restatement"
    case .transferIn: "Transfer in"
    case .transferOut: "Transfer out"
    case .new: "New"
    case .reactivation: "Reactivation"
    case .expansion: "Expansion"
    case .contraction: "Contraction"
    case .churn: "Churn"
    case .fx: "Exchange rates"
    case .ending: "Ending"
    }
  }

  /// The line as the subject of a sentence.
  var subject: String {
    switch self {
    case .new: "New customers"
    case .reactivation: "Returning customers"
    default: title
    }
  }

  var movement: Movement? { Movement(rawValue: rawValue) }

  /// Micro-units, outflows negative.
  func amount(_ amounts: BridgeAmounts) -> Int64 {
    switch self {
    case .starting: amounts.starting
    case .restatement: amounts.restatement
    case .transferIn: amounts.transferIn
    case .transferOut: amounts.transferOut
    case .new: amounts.new
    case .reactivation: amounts.reactivation
    case .expansion: amounts.expansion
    case .contraction: amounts.contraction
    case .churn: amounts.churn
    case .fx: amounts.fx
    case .ending: amounts.ending
    }
  }

  /// Customers of the line; nil where customers are not counted.
  func customers(_ counts: BridgeCounts?) -> Int64? {
    guard let counts else { return nil }
    switch self {
    case .starting: return counts.starting
    case .transferIn: return counts.transferIn
    case .transferOut: return counts.transferOut
    case .new: return counts.new
    case .reactivation: return counts.reactivated
    case .churn: return counts.churned
    case .ending: return counts.ending
    case .restatement, .expansion, .contraction, .fx: return nil
    }
  }

  /// The lines worth a column: those always there, and those with an amount anywhere.
  static func shown(in rows: [BridgeRow]) -> [BridgeLine] {
    allCases.filter { line in
      switch line {
      case .restatement, .transferIn, .transferOut, .fx: rows.contains { line.amount($0.amounts) != 0 }
      default: true
      }
    }
  }
}
