import Model
import Testing

@Test(arguments: 1...40 as ClosedRange<UInt64>)
func theLargestMovementsAreThoseOfTheSortedSums(seed: UInt64) {
  var state = seed &* 0x9E37_79B9_7F4A_7C15
  func draw(_ bound: Int64) -> Int64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int64(state >> 33) % bound
  }
  let month = Month(number: 24_288)
  var movements: [CustomerMovement] = []
  for customer in 1...Int64(draw(30) + 1) {
    for sequence in 1...Int(draw(3) + 1) {
      movements.append(
        CustomerMovement(
          month: month, customer: customer, sequence: sequence,
          movement: draw(2) == 0 ? .expansion : .contraction, amount: draw(7) - 3, before: 0, after: 0))
    }
  }
  // Of equal sums those of the last customers come first.
  let keys = Dictionary(
    movements.map { ($0.customer, CustomerKey(system: "s", id: "\(100 - $0.customer)")) }
  ) { first, _ in first }
  for kind in [Movement.expansion, .contraction, .churn] {
    let own = Dictionary(grouping: movements.filter { $0.movement == kind }, by: \.customer)
    let sums = own.map { ($0.key, $0.value[0].sequence, $0.value.reduce(0) { $0 + $1.amount }) }
    let sorted = sums.sorted { ($1.2.magnitude, $1.0) < ($0.2.magnitude, $0.0) }
    let (customers, largest) = CustomerMovement.largest(3, of: kind, in: movements, keys)
    #expect(customers == own.count, "seed \(seed)")
    #expect(largest.map(\.customer) == sorted.prefix(3).map(\.0), "seed \(seed)")
    #expect(largest.map(\.amount) == sorted.prefix(3).map(\.2), "seed \(seed)")
  }
}

@Test(arguments: 1...60 as ClosedRange<UInt64>)
func movementsOfOneAmountStandInTheOrderOfTheirCustomersKeys(seed: UInt64) {
  var state = seed &* 0x9E37_79B9_7F4A_7C15
  func draw(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
  // Ids that begin alike for eight bytes, that are the beginning of others, of other bytes for the same letter.
  let ids = [
    "", "a", "a\0", "ab", "12345678", "123456789", "12345678\0", "9", "10", "\u{E9}", "e\u{301}", "日本語",
  ]
  let systems = seed % 3 == 0 ? ["crm", "billing"] : ["billing"]
  var keys: [Int64: CustomerKey] = [:]
  var movements: [CustomerMovement] = []
  for customer in 1...Int64(draw(60) + 1) {
    if seed % 5 != 0 || draw(4) > 0 {
      keys[customer] = CustomerKey(system: systems[draw(systems.count)], id: ids[draw(ids.count)])
    }
    for sequence in 1...draw(2) + 1 {
      movements.append(
        CustomerMovement(
          month: Month(number: 24_288), customer: customer, sequence: sequence, movement: .churn,
          amount: [0, -1, 1, 5, .min, .max][draw(6)], before: 0, after: 0))
    }
  }
  #expect(
    CustomerMovement.largestFirst(movements, keys)
      == movements.sorted { CustomerMovement.isLarger($0, $1, keys) })
}

@Test func currenciesHaveTheirOwnDigits() {
  let digits = ["JPY": 0, "XPF": 0, "USD": 2, "EUR": 2, "KWD": 3, "TND": 3, "CLF": 4, "UYW": 4]
  for (code, count) in digits { #expect(Currency(code)?.exponent == count, "\(code)") }
}
