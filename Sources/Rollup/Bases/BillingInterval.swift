import Model

/// The time that an amount is paid for: so many whole months, else weeks, else days.
struct BillingInterval: Hashable {
  enum Unit { case month, week, day }

  var unit: Unit
  var count: Int

  static let month = BillingInterval(unit: .month, count: 1)

  /// The length of a term, which is not empty.
  ///
  /// Whole months run from a day of a month to the same day of a later one, or where that has no such day, or they started on
  /// a month's last day, to a last day.
  init(from start: Day, to end: Day) {
    let (first, last) = (start.civil, end.civil)
    let months = end.month - start.month
    let isWhole =
      first.day == last.day || (end == end.month.lastDay && first.day >= last.day)
      || (start == start.month.lastDay && last.day >= first.day)
    let days = Int(end.number - start.number)
    if months >= 1, isWhole {
      self.init(unit: .month, count: months)
    } else if days % 7 == 0 {
      self.init(unit: .week, count: days / 7)
    } else {
      self.init(unit: .day, count: days)
    }
  }

  /// The billing interval of a plan; nil where nothing says it.
  init?(_ plan: Book.Plan) {
    guard let unit = plan.intervalUnit else { return nil }
    let count = Int(plan.intervalCount)
    // Longer than any calendar: no line could be scaled to it.
    guard count < 100_000 else { return nil }
    switch EntityColumn.intervalUnits[Int(unit)] {
    case "year": self.init(unit: .month, count: 12 * count)
    case "week": self.init(unit: .week, count: count)
    case "day": self.init(unit: .day, count: count)
    default: self.init(unit: .month, count: count)
    }
  }

  private init(unit: Unit, count: Int) {
    self.unit = unit
    self.count = count
  }

  /// Days of the interval that ends on `end`; of months that many back, to the same day or the month's last.
  func days(endingOn end: Day) -> Int64 {
    switch unit {
    case .month:
      let month = end.month - count
      let start = month.firstDay + (min(end.civil.day, month.length) - 1)
      return Int64(end.number - start.number)
    case .week: return Int64(count) * 7
    case .day: return Int64(count)
    }
  }

  /// `amount x top / bottom` paid for this interval, as an amount a month; nil where that does not fit.
  func monthly(_ amount: Int64, times top: Int64 = 1, over bottom: Int64 = 1, _ policy: Policy)
    -> ExactMonthly?
  {
    let factor =
      switch unit {
      case .month: ExactRate.one
      case .week: policy.weekFactor
      case .day: policy.dayFactor
      }
    let scaled = Int128(amount) * Int128(top)
    let product = scaled.multipliedReportingOverflow(by: Int128(factor.numerator))
    let divisor = (Int128(bottom) * Int128(factor.denominator))
      .multipliedReportingOverflow(by: Int128(count))
    guard !product.overflow, !divisor.overflow,
      let monthly = ExactMonthly(product.partialValue, over: divisor.partialValue),
      monthly.value(at: .one) != nil
    else { return nil }
    return monthly
  }
}
