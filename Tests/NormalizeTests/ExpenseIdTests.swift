import Model
import Testing

@testable import Normalize

private let expenses = source(
  .expense,
  [
    "day": .column("day"), "category": .column("category"), "amount": .column("amount"),
    "currency": .constant("EUR"),
  ], share: 1_000_000)

private func identified(_ rows: [String]) -> [String] {
  let result = read(expenses, "day,category,amount\n" + rows.map { $0 + "\n" }.joined())
  return zip(result.values("id"), result.values("amount")).map { "\($0 ?? "-") \($1 ?? "-")" }.sorted()
}

@Test func anExpenseIsKnownByDayCategoryAndCurrency() {
  #expect(
    identified(["2024-01-31,marketing,5", "2024-01-31,r_and_d,7"])
      == ["2024-01-31-marketing-EUR 5000000", "2024-01-31-r_and_d-EUR 7000000"])
}

@Test func severalExpensesOfOneDayAreNumberedByAmountWhateverTheirOrder() {
  let expected = [
    "2024-01-31-cogs-EUR 5000000", "2024-01-31-cogs-EUR-2 5000000", "2024-01-31-cogs-EUR-3 9000000",
  ]
  #expect(identified(["2024-01-31,cogs,9", "2024-01-31,cogs,5", "2024-01-31,cogs,5.00"]) == expected)
  #expect(identified(["2024-01-31,cogs,5", "2024-01-31,cogs,9", "2024-01-31,cogs,5"]) == expected)
}

@Test func expensesBesideABadOneOfTheirGroupKeepTheWholeGroupsLastState() {
  let result = read(
    expenses,
    "day,category,amount\n2024-01-31,cogs,9\n2024-01-31,cogs,?\n2024-01-31,cogs,5\n2024-01-31,sales,1\n")
  #expect(result.values("id") == ["2024-01-31-sales-EUR"])
  #expect(
    result.quarantined.compactMap(\.key).sorted()
      == ["2024-01-31-cogs-EUR", "2024-01-31-cogs-EUR-2", "2024-01-31-cogs-EUR-3"])
}

@Test func aNegativeExpenseIsQuarantined() {
  #expect(
    read(expenses, "day,category,amount\n2024-01-31,cogs,-9\n").quarantined.map(\.name) == ["negative-value"])
}

@Test func twoRatesOfOneDayAreAContradictionUnlessTheyAgree() {
  let rates = source(
    .fxRate,
    ["day": .column("day"), "from": .column("from"), "to": .column("to"), "rate": .column("rate")],
    share: 1_000_000)
  let result = read(
    rates,
    "day,from,to,rate\n2024-01-31,EUR,USD,1.10\n2024-01-31,EUR,USD,1.1\n2024-01-30,EUR,USD,1.2\n2024-01-30,EUR,USD,1.3\n"
  )
  #expect(result.values("id") == ["2024-01-31-EUR-USD"])
  #expect(result.quarantined.map(\.key) == ["2024-01-30-EUR-USD", "2024-01-30-EUR-USD"])
}
