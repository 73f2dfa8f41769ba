import Model
import Testing

@testable import Normalize

private func mapped(_ entity: EntityKind, _ columns: [String]) -> SourceConfiguration {
  source(
    entity, Dictionary(uniqueKeysWithValues: columns.map { ($0, FieldMapping.column($0)) }), share: 1_000_000)
}

private func text(_ columns: [String], _ rows: [String]) -> String {
  ([columns.joined(separator: ",")] + rows).map { $0 + "\n" }.joined()
}

@Test func usesWithoutIdsAreKnownByWhoUsedWhatWhenAndAreAllMeant() {
  let columns = ["customer", "user", "at", "count", "name"]
  let result = read(
    mapped(.usageEvent, columns),
    text(columns, ["C|1,ann,2024-01-05,2,login", "C|1,,2024-01-05,,", "C|1,ann,2024-01-05,1,login"]))
  #expect(
    zip(result.values("id"), result.values("count")).map { "\($0 ?? "-") \($1 ?? "-")" }.sorted()
      == [
        #"2024-01-05|C\|1|ann|login 1000000"#, #"2024-01-05|C\|1|ann|login-2 2000000"#,
        #"2024-01-05|C\|1|| -"#,
      ])
}

@Test func aUseWithoutCustomerOrDayIsQuarantined() {
  let columns = ["customer", "at"]
  let result = read(mapped(.usageEvent, columns), text(columns, [",2024-01-05", "C1,", "C1,2024-01-05"]))
  #expect(result.values("id") == ["2024-01-05|C1||"])
  #expect(result.quarantined.count == 2)
}

@Test func twoBalancesOfOneAccountAndDayContradictEachOther() {
  let columns = ["day", "account", "amount", "currency"]
  let result = read(
    mapped(.cashBalance, columns),
    text(columns, ["2024-01-31,a,5,USD", "2024-01-31,a,6,USD", "2024-01-31,b,-7,USD", "2024-01-31,,8,USD"]))
  #expect(result.values("amount").compactMap { $0 }.sorted() == ["-7000000", "8000000"])
  #expect(result.quarantined.map(\.name) == ["duplicate-id", "duplicate-id"])
}

@Test func anAdjustmentSaysByWhomAndWhy() {
  let columns = ["day", "metric", "amount", "currency", "author", "reason"]
  let result = read(
    mapped(.adjustment, columns),
    text(
      columns,
      [
        "2024-01-31,mrr_new,-5,USD,ann,late", "2024-01-31,mrr_new,-5,USD,ann,late",
        "2024-01-31,mrr_new,1,USD,ann,",
      ]))
  #expect(result.values("amount") == ["-5000000", "-5000000"])
  #expect(Set(result.values("id")).count == 2)
  #expect(result.quarantined.count == 1)
}

@Test func aBudgetIsAnAmountOrAnotherValue() {
  let columns = ["day", "metric", "amount", "currency", "value"]
  let result = read(
    mapped(.budget, columns),
    text(columns, ["2024-01-31,mrr_new,500,USD,", "2024-01-31,customers,,,12", "2024-01-31,arpa,,,"]))
  #expect(
    result.values("id").compactMap { $0 }.sorted() == ["2024-01-31|customers||", "2024-01-31|mrr_new||"])
  #expect(result.values("value").compactMap { $0 } == ["12000000"])
  #expect(result.quarantined.count == 1)
}
