/// One figure under two policies, and the whole gap between the two, decision by decision and customer by customer.
///
/// The policies differ in ``steps``: the first figure is changed into the second one key at a time, in the order of ``PolicyKey``, so that
/// the differences of all steps, and those of all customers, add up to the gap exactly.
public struct PolicyComparison: Sendable {
  /// One key changed, with all changed before it.
  public struct Step: Sendable {
    public var key: PolicyKey
    /// The answers as `Config/policy.yml` writes them, and in words.
    public var from: String
    public var to: String
    public var sentence: String
    /// The figure with this key changed, too.
    public var value: MetricValue
    public init(key: PolicyKey, from: String, to: String, sentence: String, value: MetricValue) {
      self.key = key
      self.from = from
      self.to = to
      self.sentence = sentence
      self.value = value
    }
  }

  /// A customer who counts differently: all amounts in micro-units of the reporting currency.
  public struct Customer: Sendable, Hashable {
    public var id: Int64
    /// To be set by ``PolicyComparison/name(by:)``.
    public var key: CustomerKey?
    public var name: String
    public var from: Int64
    public var to: Int64
    /// What each step changed, in their order; steps that changed nothing are left out.
    public var parts: [Part]
    public init(id: Int64, name: String, from: Int64, to: Int64, parts: [Part]) {
      self.id = id
      self.name = name
      self.from = from
      self.to = to
      self.parts = parts
    }

    public struct Part: Sendable, Hashable {
      public var key: PolicyKey
      public var amount: Int64
      public init(key: PolicyKey, amount: Int64) {
        self.key = key
        self.amount = amount
      }
    }
  }

  public var metric: Metric
  public var month: Month
  public var currency: Currency
  /// That in which reports show the metric.
  public var valuation = Valuation.asReported
  /// The policies' names with what they override: `standard@1 with trials: include_priced`.
  public var from: String
  public var to: String
  /// The figure under the first policy.
  public var value: MetricValue
  public var steps: [Step]
  /// The largest gap first; nil where the metric is no sum over customers.
  public var customers: [Customer]?

  public init(
    metric: Metric, month: Month, currency: Currency, from: String, to: String, value: MetricValue,
    steps: [Step] = [], customers: [Customer]? = nil
  ) {
    self.metric = metric
    self.month = month
    self.currency = currency
    self.from = from
    self.to = to
    self.value = value
    self.steps = steps
    self.customers = customers
  }

  /// Says what customers are called in their systems, and brings those with equal differences into that order.
  public mutating func name(by keys: [Int64: CustomerKey]) {
    customers = customers?.map { customer in
      var customer = customer
      customer.key = keys[customer.id]
      return customer
    }
    .sorted { left, right in
      let (first, second) = ((left.to - left.from).magnitude, (right.to - right.from).magnitude)
      return first == second ? keys.precedes(left.id, right.id) : first > second
    }
  }

  /// The figure under the second policy.
  public var lastValue: MetricValue { steps.last?.value ?? value }
}

extension Policy {
  /// The keys whose answers differ, in the order in which they are changed.
  public func keys(differingFrom other: Policy) -> [PolicyKey] {
    PolicyKey.allCases.filter { text(of: $0) != other.text(of: $0) }
  }

  /// With the answer of another policy to one question.
  public func answering(_ key: PolicyKey, as other: Policy) -> Policy {
    applying(overrides: [(key.rawValue, other.text(of: key))]).policy
  }

  /// `standard@1 with trials: include_priced`.
  public var title: String {
    overrides.isEmpty ? name : "\(name) with \(overriddenLines.joined(separator: "; "))"
  }
}
