import Model
import Testing

@testable import Rollup

@Suite struct ExpansionSplitTests {
  private let parts = [
    "mrr_expansion_quantity", "mrr_expansion_price_increase", "mrr_expansion_upsell",
    "mrr_expansion_cross_sell",
  ]

  /// One customer from a set of charges in January to another in February: plan, product, amount, quantity.
  private func split(
    _ before: [(String, Int32, Double, Int64)], _ after: [(String, Int32, Double, Int64)],
    _ policy: Policy.Bridge
  ) -> [Double?] {
    var book = TestBook()
    book.book.products = ["core", "extra"]
    for (plan, product, amount, quantity) in before {
      book.charge("c", amount, "2024-01-01", "2024-02-10", quantity: quantity, plan: plan) {
        $0.product = product
      }
    }
    for (plan, product, amount, quantity) in after {
      book.charge("c", amount, "2024-02-10", quantity: quantity, plan: plan) { $0.product = product }
    }
    let result = book.rolledUp(through: "2024-02") { $0.bridge = policy }
    let found = parts.map { result.number($0, "2024-02") }
    #expect(found.compactMap { $0 }.reduce(0, +) == result.number("mrr_expansion", "2024-02"))
    return found
  }

  @Test(arguments: [Policy.Bridge.endPoint, .event])
  func anExpansionIsForUnitsPricePlanOrProduct(_ bridge: Policy.Bridge) {
    #expect(split([("a", 0, 10, 2)], [("a", 0, 10, 5)], bridge) == [30, 0, 0, 0])
    #expect(split([("a", 0, 10, 2)], [("a", 0, 12, 2)], bridge) == [0, 4, 0, 0])
    #expect(split([("a", 0, 10, 1)], [("b", 0, 25, 1)], bridge) == [0, 0, 15, 0])
    #expect(split([("a", 0, 10, 1)], [("a", 0, 10, 1), ("x", 1, 7, 1)], bridge) == [0, 0, 0, 7])
  }

  @Test(arguments: [Policy.Bridge.endPoint, .event])
  func risesBesideAFallShareWhatIsLeft(_ bridge: Policy.Bridge) {
    // 30 by units and 10 by product, 20 less by price: 20 in all, as 3 to 1.
    #expect(
      split(
        [("a", 0, 10, 1), ("p", 0, 40, 1)], [("a", 0, 10, 4), ("p", 0, 20, 1), ("x", 1, 10, 1)], bridge)
        == [15, 0, 0, 5])
  }

  @Test(arguments: 1...40)
  func thePartsOfAllExpansionsAddUpToThem(_ seed: UInt64) {
    var chance = Chance(state: seed)
    var policy = Policy.random(&chance)
    policy.bridge = chance.below(2) == 0 ? .event : .endPoint
    let chosen = policy
    let result = TestBook.random(&chance).rolledUp(
      through: "2023-11", policy: { $0 = chosen }, zone: TestBook.zone)
    for month in result.result.bridge where month.segment == .all && month.valuation == .asReported {
      let sum = parts.reduce(Int64(0)) { sum, part in
        guard case .money(let amount) = result.value(part, month.period.label) else { return sum }
        return sum + amount
      }
      #expect(sum == month.amounts.expansion, "seed \(seed), \(month.period.label)")
    }
    let churned = Dictionary(
      grouping: result.result.movements.filter { $0.movement == .churn }, by: { "\($0.customer) \($0.month)" }
    ).mapValues { $0.reduce(0) { $0 - $1.amount } }
    let explained = Dictionary(grouping: result.result.churnParts, by: { "\($0.customer) \($0.month)" })
      .mapValues { $0.reduce(0) { $0 + $1.mrr } }
    for (key, mrr) in explained { #expect(churned[key] == mrr, "seed \(seed), \(key)") }
  }

  @Test func whatACustomerLeftForIsToldByTheSubscriptionsItLeft() {
    var book = TestBook()
    let first = book.subscription("c") { $0.cancelReason = "price" }
    let second = book.subscription("c") { $0.cancelReason = nil }
    book.charge("c", 10, "2024-01-01", "2024-02-10", subscription: first)
    book.charge("c", 5, "2024-01-01", "2024-02-20", subscription: second)
    book.charge("silent", 7, "2024-01-01", "2024-02-20")
    book.charge("stays", 7, "2024-01-01")
    let parts = book.rolledUp(through: "2024-02").result.churnParts
    #expect(parts.map(\.reason) == ["(none)", "price"])
    #expect(parts.map(\.mrr) == [5_000_000, 10_000_000])
  }
}
