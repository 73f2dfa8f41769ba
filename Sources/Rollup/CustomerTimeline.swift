import Model

/// A counted charge in month numbers (0 is the first published month).
struct MonthlyCharge {
  var amount: ExactMonthly
  /// Units, in millionths.
  var quantity: Int64
  /// In force at the close of the months `from..<to`, at most up to the last published one.
  var from: Int
  var to: Int
  /// At the closes of the months `scheduledFrom..<scheduledTo` its cancellation is asked for, to come, and within the policy's horizon.
  var scheduledFrom: Int
  var scheduledTo: Int
  /// Months before this one rest on an assumption.
  var assumedBefore: Int
  /// Set where the value never moves: own currency, fixed rates, or the rate of the service start.
  var constantRate: ExactRate?
  var isReconstructed = false
  var customer: Int32
  /// Shifted by one, 0 being "none".
  var plan: Int32
  var product: Int32
  var currency: Int32
  /// Index into ``Book/subscriptions``, -1 without one.
  var subscription: Int32
}

/// One customer's charges valued at every rate its windows can ask for.
struct CustomerTimeline {
  private(set) var charges: [MonthlyCharge] = []
  /// `from` and `to` of the charges, side by side for the inner loops.
  private var spans: [(from: Int, to: Int)] = []
  /// First and last month at whose close a charge is in force, and the last month anything happens in.
  private(set) var first = 0
  private(set) var last = 0
  private(set) var end = 0
  /// True when no value depends on the month.
  private(set) var isConstant = true
  private(set) var isCustomer: [Bool] = []
  private var rateBase = 0
  private var rateCount = 0
  private var values: [Int64] = []
  private let rates: MonthRates
  private let keepsAtZero: Bool
  private let months: Int

  init(rates: MonthRates, policy: Policy) {
    self.rates = rates
    keepsAtZero = policy.fullyDiscounted == .keepAtZero
    months = rates.monthCount
  }

  /// Takes over one customer's charges, none of them empty.
  mutating func load(_ charges: ArraySlice<MonthlyCharge>) {
    self.charges.removeAll(keepingCapacity: true)
    self.charges.append(contentsOf: charges)
    spans.removeAll(keepingCapacity: true)
    for charge in charges { spans.append((charge.from, charge.to)) }
    first = charges.reduce(months) { min($0, $1.from) }
    last = charges.reduce(0) { max($0, $1.to) } - 1
    end = min(last + 1, months - 1)
    isConstant = charges.allSatisfy { $0.constantRate != nil }
    rateBase = max(0, first - 13)
    rateCount = end - rateBase + 1
    values.removeAll(keepingCapacity: true)
    for charge in charges {
      if let rate = charge.constantRate {
        values.append(
          contentsOf: repeatElement(charge.amount.value(at: rate) ?? 0, count: isConstant ? 1 : rateCount))
      } else {
        for month in rateBase..<rateBase + rateCount {
          values.append(charge.amount.value(at: rates.openingRate(Int(charge.currency) - 1, month)) ?? 0)
        }
      }
    }
    isCustomer.removeAll(keepingCapacity: true)
    isCustomer.append(contentsOf: repeatElement(false, count: end - first + 1))
    for (index, charge) in self.charges.enumerated() where makesCustomer(index) {
      for month in charge.from..<charge.to { isCustomer[month - first] = true }
    }
  }

  /// Whether it is a customer at the close of `month`; false outside its life.
  @inline(__always) func isCustomer(at month: Int) -> Bool {
    month >= first && month <= end && isCustomer[month - first]
  }

  /// The first month at whose close it was a customer.
  var firstPaying: Int { first + (isCustomer.firstIndex(of: true) ?? 0) }

  /// Micro-units of charge number `index` at the rate of `rateMonth` (clamped into the data).
  @inline(__always) func value(_ index: Int, at rateMonth: Int) -> Int64 {
    isConstant ? values[index] : values[index * rateCount + max(0, rateMonth - rateBase)]
  }

  /// Likewise for a month after the customer's life too: a window can reach back from one.
  func anyValue(_ index: Int, at rateMonth: Int) -> Int64 {
    if isConstant || rateMonth < rateBase + rateCount { return value(index, at: rateMonth) }
    let charge = charges[index]
    return charge.amount.value(
      at: charge.constantRate ?? rates.openingRate(Int(charge.currency) - 1, rateMonth)) ?? 0
  }

  /// Whether charge number `index` makes its payer a customer.
  func makesCustomer(_ index: Int) -> Bool { keepsAtZero || charges[index].amount.numerator > 0 }

  /// MRR at the close of `month`, valued at the rates of `rateMonth`.
  func mrr(closing month: Int, at rateMonth: Int) -> Int64 {
    var sum: Int64 = 0
    for (index, span) in spans.enumerated() where span.from <= month && month < span.to {
      sum += value(index, at: rateMonth)
    }
    return sum
  }

  /// Whether charge number `index` is in force at the close of `month`.
  @inline(__always) func isInForce(_ index: Int, _ month: Int) -> Bool {
    spans[index].from <= month && month < spans[index].to
  }

  /// Whether a charge starts or ends between the closes of the month before and of `month`.
  func changes(in month: Int) -> Bool {
    !isConstant || spans.contains { $0.from == month || $0.to == month }
  }
}
