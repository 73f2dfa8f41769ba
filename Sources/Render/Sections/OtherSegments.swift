import Model

/// The figure of several segments taken together, for the row of those that a table does not name.
///
/// Whether a metric adds up over a dimension is not asked of its name, since projects have metrics of their own, but of the figures: all
/// segments have to come to the total exactly, ratios in both of their parts.
enum OtherSegments {
  /// - Parameters:
  ///   - others: one value a segment, at least one.
  ///   - named: those of all other segments of the dimension.
  static func value(of others: [MetricValue], beside named: [MetricValue], total: MetricValue) -> MetricValue
  {
    guard let unknown = others.first, others.contains(where: \.isKnown) else {
      return others.first ?? .null("there are no others")
    }
    if case .null = total { return total }
    let all = others + named
    guard let whole = total.parts, all.allSatisfy({ !$0.isKnown || $0.parts?.count == whole.count }) else {
      return .null("a number without exact parts cannot be added up over segments")
    }
    guard sums(all, whole.count) == whole.map({ Int128($0) }) else {
      return .null(
        all.allSatisfy(\.isKnown)
          ? "the segments do not add up to the total"
          : "not every segment has the parts that would be added up")
    }
    let parts = sums(others, whole.count).compactMap { Int64(exactly: $0) }
    guard parts.count == whole.count else { return .null("the sum is too large to be shown") }
    switch total {
    case .money: return .money(parts[0])
    case .count: return .count(parts[0])
    case .ratio: return .ratio(numerator: parts[0], denominator: parts[1])
    case .moneyRatio:
      guard parts[1] > 0 else { return .null("the ratio has a denominator of zero") }
      let quotient = roundedQuotient(Int128(parts[0]), Int128(parts[1]))
      return .moneyRatio(Int64(clamping: quotient), numerator: parts[0], denominator: parts[1])
    case .real, .null: return unknown
    }
  }

  private static func sums(_ values: [MetricValue], _ count: Int) -> [Int128] {
    values.reduce(into: Array(repeating: 0, count: count)) { sums, value in
      for (place, part) in (value.parts ?? []).enumerated() { sums[place] += Int128(part) }
    }
  }
}

extension MetricValue {
  var isKnown: Bool { if case .null = self { false } else { true } }

  /// What adds up where anything does: the amount, or what it is a quotient of.
  fileprivate var parts: [Int64]? {
    switch self {
    case .money(let amount), .count(let amount): [amount]
    case .ratio(let numerator, let denominator), .moneyRatio(_, let numerator, let denominator):
      [numerator, denominator]
    case .real, .null: nil
    }
  }
}
