/// How customers or charges are put into segments.
public struct Dimension: Sendable, Hashable {
  public enum Rule: Sendable, Hashable {
    /// `country`, or a free attribute by name.
    case attribute(String)
    /// A free attribute that is a number, in bands: `[10, 50]` makes `<10`, `10 to 50`, `>=50`.
    case bands(String, [Int64])
    /// Lower bounds of the bands above the first, ascending: `[10, 50]` makes `0 to 9`, `10 to 49`, `50 or more`.
    case employees([Int64])
    /// Likewise for ARR at the month's end, bounds in whole units of the reporting currency.
    case arr([Int64])
    /// Likewise for how often the customer's users used the product in the month, counts added up.
    case usage([Int64])
    case plan, product, currency
  }

  /// Several values that are one segment.
  public struct Group: Sendable, Hashable {
    public var label: String
    public var values: [String]
    public init(label: String, values: [String]) {
      self.label = label
      self.values = values
    }
  }

  /// Which of a customer's values counts.
  public enum Touch: String, Sendable, CaseIterable, Hashable {
    /// That of each month's end; a change is a transfer.
    case current
    /// The first one known, for good: of ARR that of the first month as a customer.
    case first
  }

  /// The name in `metric_period.dimension`.
  public var name: String
  public var rule: Rule
  public var groups: [Group]
  /// The segment of values in no group; nil: each is a segment of its own.
  public var others: String?
  public var touch: Touch

  public init(
    name: String, rule: Rule, groups: [Group] = [], others: String? = nil, touch: Touch = .current
  ) {
    self.name = name
    self.rule = rule
    self.groups = groups
    self.others = others
    self.touch = touch
  }

  /// True for dimensions of charges, whose segments one customer can have several of.
  public var isOfCharges: Bool {
    switch rule {
    case .plan, .product, .currency: true
    case .attribute, .bands, .employees, .arr, .usage: false
    }
  }

  /// The segment of a value; a missing one is ``SegmentKey/none`` whatever the groups.
  public func label(of value: String?) -> String {
    guard let value else { return SegmentKey.none }
    return groups.first { $0.values.contains(value) }?.label ?? others ?? value
  }
}
