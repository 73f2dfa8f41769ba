import Model

/// Numbers for what tells figures apart: there are hundreds of thousands of them, of few periods, metrics and segments.
struct FigureKeys {
  struct Key: Hashable {
    var period: Int
    var metric: Int
    var segment: Int
    var currency: UInt32
    var valuation: Valuation
  }

  /// What a figure is of: a metric by a dimension at a valuation. Where nothing of it is closed, it was defined later; where something
  /// is, a figure that is missing in a closed period only became known later.
  struct Term: Hashable {
    var metric: Int
    var dimension: Int
    var valuation: Valuation
  }

  private var periods: [Period: Int] = [:]
  private var metrics: [String: Int] = [:]
  private var segments: [SegmentKey: Int] = [:]
  private var dimensions: [String: Int] = [:]
  /// By segment.
  private var dimensionOf: [Int] = []
  private var last: (figure: Figure, key: Key)?

  mutating func key(_ figure: Figure) -> Key {
    // Figures come period by period.
    var period = last?.key.period ?? 0
    if last?.figure.period != figure.period { period = Self.number(figure.period, &periods) }
    var segment = last?.key.segment ?? 0
    if last?.figure.segment != figure.segment { segment = number(figure.segment) }
    let key = Key(
      period: period, metric: Self.number(figure.metric, &metrics), segment: segment,
      currency: figure.currency.packed, valuation: figure.valuation)
    last = (figure, key)
    return key
  }

  func term(_ key: Key) -> Term {
    Term(metric: key.metric, dimension: dimensionOf[key.segment], valuation: key.valuation)
  }

  private mutating func number(_ segment: SegmentKey) -> Int {
    let number = Self.number(segment, &segments)
    if number == dimensionOf.count { dimensionOf.append(Self.number(segment.dimension, &dimensions)) }
    return number
  }

  private static func number<Name: Hashable>(_ name: Name, _ numbers: inout [Name: Int]) -> Int {
    if let known = numbers[name] { return known }
    numbers[name] = numbers.count
    return numbers.count - 1
  }
}
