import Model
import Rollup
import Testing

/// The law of comparisons: decisions and customers each add up to the whole gap.
@Suite struct ComparePoliciesTests {
  private static let metrics = [
    "mrr", "arr", "mrr_new", "mrr_reactivation", "mrr_expansion", "mrr_contraction", "mrr_churn", "mrr_fx",
    "mrr_net_new",
  ]

  @Test(arguments: 1...20)
  func decisionsAndCustomersAddUpToTheGap(_ seed: UInt64) throws {
    var chance = Chance(state: seed)
    let book = TestBook.random(&chance).book
    let first = Policy.random(&chance)
    var second = Policy.random(&chance)
    second.bridge = chance.below(2) == 0 ? .event : .endPoint
    let settings = settings(first)
    let month = settings.lastMonth - chance.below(6)
    let id = Self.metrics[chance.below(Self.metrics.count)]
    let metric = try #require(metricCatalogue.first { $0.id == id })
    let comparison = try compare(book, settings, to: second, metric: metric, month: month).get()

    #expect(comparison.value == figure(book, first, id, month), "seed \(seed), \(id)")
    #expect(comparison.lastValue == figure(book, second, id, month), "seed \(seed), \(id)")
    #expect(comparison.steps.map(\.key) == first.keys(differingFrom: second), "seed \(seed)")

    let customers = try #require(comparison.customers)
    var before = try amount(comparison.value)
    for step in comparison.steps {
      let after = try amount(step.value)
      let parts = customers.flatMap(\.parts).filter { $0.key == step.key }
      #expect(parts.reduce(0) { $0 + $1.amount } == after - before, "seed \(seed), \(id), \(step.key)")
      #expect(!parts.contains { $0.amount == 0 }, "seed \(seed)")
      before = after
    }
    for customer in customers {
      #expect(
        customer.parts.reduce(customer.from) { $0 + $1.amount } == customer.to, "seed \(seed), \(customer)")
    }
    let gap = try amount(comparison.lastValue) - amount(comparison.value)
    #expect(customers.reduce(0) { $0 + $1.to - $1.from } == gap, "seed \(seed), \(id)")
  }

  @Test func aPolicyAndItselfHaveNoGap() throws {
    var chance = Chance(state: 3)
    let book = TestBook.random(&chance).book
    let settings = settings(.standard)
    let metric = try #require(metricCatalogue.first { $0.id == "mrr" })
    let comparison = try compare(book, settings, to: .standard, metric: metric, month: settings.lastMonth)
      .get()
    #expect(comparison.steps.isEmpty)
    #expect(comparison.customers == [])
  }

  /// 140 a week is 606.67 a month under 52/12 and 600 under 30/7, all of it one decision's and one customer's.
  @Test func aWeeklyPriceUnderTwoFactors() throws {
    var book = TestBook()
    book.charge("a", 140, "2023-01-01", every: 1, "week")
    let other = Policy.standard.applying(overrides: [("week_factor", "30/7"), ("grace_days", "5")]).policy
    let metric = try #require(metricCatalogue.first { $0.id == "mrr" })
    let settings = settings(.standard)
    let comparison = try compare(book.book, settings, to: other, metric: metric, month: settings.lastMonth)
      .get()
    #expect(comparison.value == .money(606_666_667))
    #expect(comparison.steps.map(\.key) == [.weekFactor, .graceDays])
    #expect(comparison.steps.map(\.value) == [.money(600_000_000), .money(600_000_000)])
    #expect(comparison.customers?.map(\.parts) == [[.init(key: .weekFactor, amount: -6_666_667)]])
  }

  @Test func aRatioIsComparedByDecisionAlone() throws {
    var chance = Chance(state: 5)
    let book = TestBook.random(&chance).book
    let settings = settings(.standard)
    let metric = try #require(metricCatalogue.first { $0.id == "quick_ratio" })
    let other = Policy.standard.applying(overrides: [("quick_ratio_reactivation", "leave_out")]).policy
    let comparison = try compare(book, settings, to: other, metric: metric, month: settings.lastMonth).get()
    #expect(comparison.customers == nil)
    #expect(comparison.lastValue == figure(book, other, "quick_ratio", settings.lastMonth))
  }

  /// A dollar customer who stays, and a euro one whose 100 lose a fifth by the exchange rate: retention is 100 % where rates stand still.
  @Test(arguments: ["ndr_1m", "gdr_1m", "net_mrr_churn_rate", "mrr_growth_rate", "mrr"])
  func aMetricIsComparedInTheValuationThatReportsShow(_ id: String) throws {
    var book = TestBook()
    book.charge("a", 100, "2023-01-01")
    book.charge("b", 100, "2023-01-01", currency: "EUR")
    let month = Month(iso: "2023-11")!
    for back in 0...10 { book.rate("\((month - back).lastDay)", "EUR", back == 0 ? "0.8" : "1") }
    let metric = try #require(metricCatalogue.first { $0.id == id })
    let other = Policy.standard.applying(overrides: [("trials", "include_priced")]).policy
    let comparison = try compare(book.book, settings(.standard), to: other, metric: metric, month: month)
      .get()
    let valuation: Valuation = metric.group == .retention ? .constant : .asReported
    let shown = rollUp(book.book, settings(.standard)).figures.first {
      $0.metric == id && $0.segment == .all && $0.valuation == valuation && $0.period.grain == .month
        && $0.period.last == month
    }
    #expect(comparison.value == shown?.value && comparison.lastValue == shown?.value)
    #expect(comparison.valuation == valuation)
    let asReported = figure(book.book, .standard, id, month)
    #expect((comparison.value == asReported) == (valuation == .asReported), "\(id)")
  }

  private func settings(_ policy: Policy) -> RollupSettings {
    RollupSettings(
      policy: policy, currency: Currency("USD")!, zone: TestBook.zone,
      lastMonth: Month(iso: "2023-11")!, dataThrough: Moment(day: Day(iso: "2023-11-30")!))
  }

  private func figure(_ book: Book, _ policy: Policy, _ metric: String, _ month: Month) -> MetricValue? {
    rollUp(book, settings(policy)).figures.first {
      $0.metric == metric && $0.segment == .all && $0.valuation == .asReported && $0.period.grain == .month
        && $0.period.last == month
    }?.value
  }

  private func amount(_ value: MetricValue) throws -> Int64 {
    guard case .money(let amount) = value else { throw Unexpected.noMoney(value) }
    return amount
  }

  private enum Unexpected: Error { case noMoney(MetricValue) }
}
