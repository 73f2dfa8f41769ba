import Model

/// The class of a customer's month, decided once on the whole customer.
///
/// "Was not a customer" is asked before the amounts are compared: tested the other way round, reactivation and churn
/// can never be reached.
enum MovementClass {
  case none, new, reactivation, expansion, contraction, churn

  init(was: Bool, isNow: Bool, before: Bool, opening: Int64, closing: Int64) {
    switch (was, isNow) {
    case (false, false): self = .none
    case (false, true): self = before ? .reactivation : .new
    case (true, false): self = .churn
    case (true, true):
      self = closing > opening ? .expansion : closing < opening ? .contraction : .none
    }
  }

  var movement: Movement? {
    switch self {
    case .none: nil
    case .new: .new
    case .reactivation: .reactivation
    case .expansion: .expansion
    case .contraction: .contraction
    case .churn: .churn
    }
  }
}

/// One customer's month: the opening as reported and at the month's rate, and the close.
struct CustomerMonth {
  var kind: MovementClass
  var was: Bool
  var isNow: Bool
  /// Closing of the month before, at its own rate.
  var starting: Int64
  /// The same charges at this month's rate.
  var opening: Int64
  var closing: Int64
}
