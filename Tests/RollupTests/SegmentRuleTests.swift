import Model
import Testing

@testable import Rollup

/// Where groups, bands and the first value put a customer.
@Suite struct SegmentRuleTests {
  private func segments(_ dimension: Dimension, _ states: [(from: String?, value: String?)]...) -> [[String]]
  {
    var book = Book()
    book.customers = states.enumerated().map { number, states in
      Book.Customer(
        id: Int64(number), name: "",
        states: states.map { state in
          Book.CustomerState(
            from: state.from.map { Moment(iso: $0)! }, country: state.value, employees: nil,
            attributes: state.value.map { ["seats": $0] } ?? [:])
        })
    }
    let table = SegmentTable(book, [dimension], others: [])
    return table.stateSegments[0].map { $0.map { table.keys[Int($0)].segment } }
  }

  @Test func aGroupIsOneSegmentAndWhatIsInNoneIsTheOthers() {
    let region = Dimension(
      name: "region", rule: .attribute("country"),
      groups: [.init(label: "EMEA", values: ["DE", "FR"]), .init(label: "Americas", values: ["US"])],
      others: "Elsewhere")
    let found = segments(region, [(nil, "DE"), ("2024-02-01", "US")], [(nil, "JP")], [(nil, nil)], [])
    #expect(found == [["EMEA", "Americas"], ["Elsewhere"], ["(none)"], ["(none)"]])
  }

  @Test func withoutOthersAValueInNoGroupIsASegmentOfItsOwn() {
    let region = Dimension(
      name: "region", rule: .attribute("country"), groups: [.init(label: "EMEA", values: ["DE", "FR"])])
    #expect(segments(region, [(nil, "FR")], [(nil, "JP")]) == [["EMEA"], ["JP"]])
  }

  @Test func theFirstValueKnownCountsForGood() {
    let first = Dimension(name: "c", rule: .attribute("country"), touch: .first)
    let found = segments(
      first, [(nil, nil), ("2024-02-01", "US"), ("2024-03-01", "DE")], [(nil, "FR"), ("2024-02-01", nil)], [])
    #expect(found == [["US"], ["FR"], ["(none)"]])
  }

  @Test(arguments: [
    ("9.999999", "<10"), ("10", "10 to 50"), ("49.9999999", "10 to 50"), ("50.0", ">=50"), ("-3", "<10"),
    ("007", "<10"), ("many", "(none)"), ("1e3", "(none)"), ("", "(none)"), (".5", "(none)"),
    ("9223372036854775807", "(none)"),
  ])
  func numbersOfAnAttributeAreInBands(_ value: String, _ band: String) {
    #expect(
      segments(Dimension(name: "seats", rule: .bands("seats", [10, 50])), [(nil, value)]) == [[band]])
  }

  @Test func customersAreInTheBandOfTheirUseInTheMonth() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    book.charge("d", 50, "2024-01-01")
    book.use("c", "ann", "2024-01-05", times: 8)
    book.use("c", "bob", "2024-01-31", times: 2)
    book.use("d", "ann", "2024-01-05", times: 9)
    book.use("c", "ann", "2024-02-01", times: 3)
    book.use("guest", nil, "2024-02-01", times: 10)
    func rolled(_ touch: Dimension.Touch) -> TestResult {
      book.rolledUp(
        through: "2024-02", dimensions: [Dimension(name: "use", rule: .usage([5, 10]), touch: touch)])
    }
    let current = rolled(.current)
    #expect(current.bridge("2024-01", SegmentKey("use", ">=10")).ending == 100_000_000)
    #expect(current.bridge("2024-01", SegmentKey("use", "5 to 10")).ending == 50_000_000)
    #expect(current.bridge("2024-02", SegmentKey("use", "<5")).transferIn == 150_000_000)
    #expect(current.bridge("2024-02", SegmentKey("use", ">=10")).transferOut == -100_000_000)
    #expect(current.value("active_users", "2024-02", SegmentKey("use", ">=10")) == .count(1))
    let first = rolled(.first)
    #expect(first.bridge("2024-02", SegmentKey("use", ">=10")).ending == 100_000_000)
    #expect(first.bridge("2024-02", SegmentKey("use", "<5")).transferIn == 0)
  }

  @Test func withoutUseDataNobodyIsInABandOfIt() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    let result = book.rolledUp(
      through: "2024-01", dimensions: [Dimension(name: "use", rule: .usage([5]))])
    #expect(result.bridge("2024-01", SegmentKey("use", SegmentKey.none)).ending == 100_000_000)
  }

  /// That nobody tells of a month is not that its customers did little.
  @Test func beforeTheFirstUseNobodyIsInABandOfIt() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    book.charge("d", 50, "2024-01-01")
    book.use("d", nil, "2024-01-20", times: 0)
    book.use("c", "ann", "2024-03-31", times: 8)
    func rolled(_ touch: Dimension.Touch) -> TestResult {
      book.rolledUp(
        through: "2024-04", dimensions: [Dimension(name: "use", rule: .usage([5]), touch: touch)])
    }
    let current = rolled(.current)
    let unknown = SegmentKey("use", SegmentKey.none)
    #expect(current.bridge("2024-02", unknown).ending == 150_000_000)
    #expect(current.bridge("2024-02", SegmentKey("use", "<5")).ending == 0)
    #expect(current.bridge("2024-03", unknown).transferOut == -150_000_000)
    #expect(current.bridge("2024-03", SegmentKey("use", ">=5")).transferIn == 100_000_000)
    #expect(current.bridge("2024-03", SegmentKey("use", "<5")).transferIn == 50_000_000)
    #expect(current.bridge("2024-04", SegmentKey("use", "<5")).ending == 150_000_000)
    #expect(rolled(.first).bridge("2024-04", unknown).ending == 150_000_000)
  }

  /// Country changes and ARR grows: the bridge of `current` has transfers, that of `first` none.
  @Test(arguments: 1...8)
  func aFirstValueIsNeverTransferred(_ seed: UInt64) {
    var chance = Chance(state: seed)
    let book = TestBook.random(&chance).book
    let month = Month(iso: "2023-11")!
    let result = rollUp(
      book,
      RollupSettings(
        policy: .random(&chance), currency: Currency("USD")!, zone: TestBook.zone,
        dimensions: [
          Dimension(name: "country", rule: .attribute("country"), touch: .first),
          Dimension(name: "arr", rule: .arr([500, 2000]), touch: .first),
        ], lastMonth: month, dataThrough: Moment(day: month.lastDay)))
    let rows = result.bridge.filter { $0.segment != .all }
    #expect(!rows.isEmpty, "seed \(seed)")
    for row in rows {
      #expect(row.amounts.transferIn == 0 && row.amounts.transferOut == 0, "seed \(seed), \(row)")
      #expect(row.counts?.transferIn == 0 && row.counts?.transferOut == 0, "seed \(seed), \(row)")
    }
  }

  @Test func plansAreGrouped() {
    var book = Book()
    book.plans = ["Starter", "Basic", "Pro"].enumerated().map { Book.Plan(id: Int64($0), name: $1) }
    let tier = Dimension(
      name: "tier", rule: .plan, groups: [.init(label: "Entry", values: ["Starter", "Basic"])])
    let table = SegmentTable(book, [tier], others: [])
    #expect(
      table.chargeSegments[0].map { table.keys[Int($0)].segment } == ["(none)", "Entry", "Entry", "Pro"])
  }
}
