import Model

/// What the trailing six months let expect of MRR.
///
/// Growth is a month's movements without new ones and without exchange rates over its opening, half-even to 12 decimals, their mean likewise;
/// each forecast month is rounded once.
struct Forecast {
  private static let scale: Int128 = 1_000_000_000_000
  static let window = 6
  static let horizon = 12

  private struct Pace {
    var growth: Int128
    var new: Int64
  }

  private var low: Pace
  private var expected: Pace
  private var high: Pace
  private let mrr: Int64

  /// nil where one of the six months has no opening to grow from. `month` counts from the first published one.
  init?(_ totals: Totals, made month: Int) {
    guard month >= Self.window else { return nil }
    var growth: [Int128] = []
    var new: [Int64] = []
    for number in (month - Self.window + 1)...month {
      let bridge = totals.known(number)
      guard bridge.starting > 0 else { return nil }
      let moved = bridge.reactivation + bridge.expansion + bridge.contraction + bridge.churn
      growth.append(roundHalfEven(Int128(moved) * Self.scale, over: Int128(bridge.starting)))
      new.append(bridge.new)
    }
    mrr = totals.mrr(0, month)
    func pace(_ growth: Int128?, _ new: Int64?) -> Pace { Pace(growth: growth ?? 0, new: new ?? 0) }
    low = pace(growth.min(), new.min())
    high = pace(growth.max(), new.max())
    expected = Pace(
      growth: roundHalfEven(growth.reduce(0, +), over: Int128(Self.window)),
      new: Int64(roundHalfEven(new.reduce(Int128(0)) { $0 + Int128($1) }, over: Int128(Self.window))))
  }

  /// One for each of the next twelve months; none where the ARR of one of them leaves 64 bits.
  func lines(made: Month) -> [ForecastLine] {
    var line = ForecastLine(made: made, month: made, low: mrr, expected: mrr, high: mrr)
    var lines: [ForecastLine] = []
    for _ in 0..<Self.horizon {
      guard let low = Self.next(line.low, low), let expected = Self.next(line.expected, expected),
        let high = Self.next(line.high, high)
      else { return [] }
      line = ForecastLine(made: made, month: line.month + 1, low: low, expected: expected, high: high)
      lines.append(line)
    }
    return lines
  }

  private static func next(_ mrr: Int64, _ pace: Pace) -> Int64? {
    let product = Int128(mrr).multipliedReportingOverflow(by: scale + pace.growth)
    guard !product.overflow else { return nil }
    let next = roundHalfEven(product.partialValue, over: scale) + Int128(pace.new)
    return Int64(exactly: next * 12) == nil ? nil : Int64(next)
  }
}

/// All forecasts of all published months.
func forecasts(_ totals: Totals) -> [ForecastLine] {
  (0..<totals.calendar.count).flatMap { month in
    Forecast(totals, made: month)?.lines(made: totals.calendar.first + month) ?? []
  }
}
