import Model
import Testing

@testable import Normalize

@Test func aPeriodsRowBecomesARecurringCharge() {
  let result = read(
    source(.recurringCharge, periodFields), periodHeader + "S1,C1,2024-01-01,2024-03-01,99.50,usd\n")
  #expect(
    result.rowSet == ["S1|-|C1|-|-|2024-01-01|2024-03-01|99500000|-|-|-|-|-|month|-|USD|-|-|-"])
  #expect(result.quarantined.isEmpty)
  #expect(result.records == 1)
  #expect(result.findings.isEmpty)
  #expect(result.dataThrough == asOf)
}
