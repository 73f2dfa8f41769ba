import Model

/// What the sweep adds up: one cell for each segment and month, in one flat array.
struct BridgeTable {
  let months: Int
  var amounts: [BridgeAmounts]
  var counts: [BridgeCounts]

  init(segments: Int, months: Int) {
    self.months = months
    amounts = Array(repeating: BridgeAmounts(), count: segments * months)
    counts = Array(repeating: BridgeCounts(), count: segments * months)
  }

  @inline(__always) func cell(_ segment: Int, _ month: Int) -> Int { segment * months + month }

  static func + (left: BridgeTable, right: BridgeTable) -> BridgeTable {
    var sum = left
    for index in sum.amounts.indices {
      sum.amounts[index] += right.amounts[index]
      sum.counts[index] += right.counts[index]
    }
    return sum
  }
}

/// Retention of the customers at a window's start: their MRR then, now, and `min(then, now)` summed over customers.
struct RetentionCell: Hashable {
  var then: Int64 = 0
  var now: Int64 = 0
  var kept: Int64 = 0
}

struct RetentionTable {
  /// Months of the windows kept, by position.
  static let windows = [1, 3, 12]
  let months: Int
  /// By window, then segment and month.
  var reported: [[RetentionCell]]
  var constant: [[RetentionCell]]
  /// Of the customers whose first MRR was twelve months ago.
  var signupReported: [RetentionCell]
  var signupConstant: [RetentionCell]

  init(segments: Int, months: Int) {
    self.months = months
    let empty = Array(repeating: RetentionCell(), count: segments * months)
    reported = Self.windows.map { _ in empty }
    constant = reported
    signupReported = empty
    signupConstant = empty
  }
}

extension BridgeAmounts {
  static func += (left: inout BridgeAmounts, right: BridgeAmounts) {
    left.starting += right.starting
    left.restatement += right.restatement
    left.transferIn += right.transferIn
    left.transferOut += right.transferOut
    left.new += right.new
    left.reactivation += right.reactivation
    left.expansion += right.expansion
    left.contraction += right.contraction
    left.churn += right.churn
    left.fx += right.fx
    left.ending += right.ending
  }

  /// Everything but the ending; the identity says that it equals ``ending``.
  public var sumOfParts: Int64 {
    starting + restatement + transferIn + transferOut + new + reactivation + expansion + contraction + churn
      + fx
  }

  /// All movements without fx and transfers.
  public var netNew: Int64 { new + reactivation + expansion + contraction + churn }
}

extension BridgeCounts {
  static func += (left: inout BridgeCounts, right: BridgeCounts) {
    left.starting += right.starting
    left.transferIn += right.transferIn
    left.transferOut += right.transferOut
    left.new += right.new
    left.reactivated += right.reactivated
    left.churned += right.churned
    left.ending += right.ending
  }

  public var sumOfParts: Int64 { starting + transferIn - transferOut + new + reactivated - churned }
}
