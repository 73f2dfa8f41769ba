import Model
import Rollup

/// A book written down in a test's own words: customers by name, amounts in whole units, days as ISO text.
struct TestBook {
  var book = Book()
  private var customers: [String: Int32] = [:]
  var invoiceNames: [String] = []

  init() {
    book.currencies = [Currency("USD")!, Currency("EUR")!]
    book.fed = [.recurringCharge]
  }

  mutating func customer(_ name: String, country: String? = nil, parent: String? = nil) -> Int32 {
    if let index = customers[name] { return index }
    let parentIndex = parent.map { customer($0) }
    let index = Int32(book.customers.count)
    let states =
      country.map { [Book.CustomerState(from: nil, country: $0, employees: nil, attributes: [:])] } ?? []
    book.customers.append(
      Book.Customer(id: Int64(index + 1), name: name, parent: parentIndex, states: states))
    customers[name] = index
    return index
  }

  mutating func plan(_ name: String) -> Int32 {
    if let index = book.plans.firstIndex(where: { $0.name == name }) { return Int32(index) }
    book.plans.append(Book.Plan(id: Int64(book.plans.count + 1), name: name))
    return Int32(book.plans.count - 1)
  }

  /// Adds a charge of `amount` whole units a month (or `interval`), in force within `[start, end)`.
  mutating func charge(
    _ customerName: String, _ amount: Double, _ start: String, _ end: String? = nil, every count: Int32 = 1,
    _ unit: String = "month", quantity: Int64 = 1, currency: String = "USD", plan planName: String? = nil,
    subscription: Int32 = -1, change: (inout Book.Charge) -> Void = { _ in }
  ) {
    var charge = Book.Charge()
    charge.row = Int64(book.charges.count + 1)
    charge.customer = customer(customerName)
    charge.currency = Int32(book.currencies.firstIndex(of: Currency(currency)!)!)
    charge.start = Moment(iso: start)!
    charge.end = end.map { Moment(iso: $0)! }
    charge.endIsStated = end != nil
    charge.amount = Int64((amount * 1_000_000).rounded())
    charge.quantity = quantity * 1_000_000
    charge.intervalUnit = UInt8(EntityColumn.intervalUnits.firstIndex(of: unit)!)
    charge.intervalCount = count
    charge.subscription = subscription
    if let planName { charge.plan = plan(planName) }
    change(&charge)
    book.charges.append(charge)
  }

  mutating func subscription(_ customerName: String, _ change: (inout Book.SubscriptionState) -> Void)
    -> Int32
  {
    var state = Book.SubscriptionState()
    change(&state)
    book.subscriptions.append(
      Book.Subscription(
        id: Int64(book.subscriptions.count + 1), customer: customer(customerName), states: [state]))
    book.fed.insert(.subscription)
    return Int32(book.subscriptions.count - 1)
  }

  mutating func rate(_ day: String, _ from: String, _ rate: String) {
    book.rates.append(
      Book.Rate(
        day: Day(iso: day)!, from: Currency(from)!, to: Currency("USD")!, rate: ExactRate(decimal: rate)!))
  }

  mutating func expense(_ day: String, _ category: String, _ amount: Int64) {
    book.expenses.append(
      Book.Expense(
        day: Moment(iso: day)!, category: UInt8(EntityColumn.expenseCategories.firstIndex(of: category)!),
        amount: amount * 1_000_000, currency: Currency("USD")!))
    book.fed.insert(.expense)
  }

  mutating func use(_ customerName: String, _ user: String?, _ at: String, times: Int64 = 1) {
    let users: [String: Int32] = ["ann": 0, "bob": 1, "eve": 2]
    book.usage.append(
      Book.Usage(
        customer: customer(customerName), user: user.map { users[$0]! } ?? -1, at: Moment(iso: at)!,
        count: times * 1_000_000))
    book.fed.insert(.usageEvent)
  }

  mutating func cash(_ day: String, _ amount: Int64, _ account: String? = nil, currency: String = "USD") {
    book.cash.append(
      Book.CashBalance(
        day: Moment(iso: day)!, account: account, amount: amount * 1_000_000, currency: Currency(currency)!))
    book.fed.insert(.cashBalance)
  }

  mutating func budget(_ day: String, _ metric: String, amount: Int64? = nil, value: Int64? = nil) {
    book.budgets.append(
      Book.Budget(
        day: Moment(iso: day)!, metric: metric, amount: amount.map { $0 * 1_000_000 },
        currency: amount.map { _ in Currency("USD")! }, value: value))
    book.fed.insert(.budget)
  }

  func rolledUp(
    through last: String, dimensions: [Dimension] = [], policy change: (inout Policy) -> Void = { _ in },
    zone: ReportingZone = .utc
  ) -> TestResult {
    var policy = Policy.standard
    change(&policy)
    let month = Month(iso: last)!
    let settings = RollupSettings(
      policy: policy, currency: Currency("USD")!, zone: zone, dimensions: dimensions, lastMonth: month,
      dataThrough: Moment(day: month.lastDay))
    return TestResult(result: rollUp(book, settings))
  }
}

/// Reads a roll-up's rows by name.
struct TestResult {
  let result: RollupResult

  func bridge(
    _ label: String, _ segment: SegmentKey = .all, _ valuation: Valuation = .asReported
  ) -> BridgeAmounts {
    result.bridge.first { $0.period.label == label && $0.segment == segment && $0.valuation == valuation }?
      .amounts
      ?? BridgeAmounts()
  }

  func counts(_ label: String, _ segment: SegmentKey = .all) -> BridgeCounts {
    result.bridge.first {
      $0.period.label == label && $0.segment == segment && $0.valuation == .asReported
    }?.counts ?? BridgeCounts()
  }

  func value(
    _ metric: String, _ label: String, _ segment: SegmentKey = .all, _ valuation: Valuation = .asReported
  ) -> MetricValue? {
    result.figures.first {
      $0.metric == metric && $0.period.label == label && $0.segment == segment && $0.valuation == valuation
    }?.value
  }

  /// A metric as a number: money in whole units.
  func number(_ metric: String, _ label: String, _ valuation: Valuation = .asReported) -> Double? {
    switch value(metric, label, .all, valuation) {
    case .money(let micros), .moneyRatio(let micros, _, _): Double(micros) / 1_000_000
    case .count(let count): Double(count)
    case .ratio(let numerator, let denominator): Double(numerator) / Double(denominator)
    case .real(let value): value
    case .null, nil: nil
    }
  }

  var errors: [Finding] { result.findings.filter { $0.severity == .error } }
}
