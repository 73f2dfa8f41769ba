import Model
import Testing

@testable import Normalize

private let fields: [String: FieldMapping] = [
  "id": .column("line_id"), "invoice": .column("invoice"), "customer": .column("customer"),
  "amount": .column("amount"), "currency": .column("currency"),
  "period_start": .column("from"), "period_end": .column("to", bound: .inclusive),
  "status": .column("status"), "issued": .column("issued"),
]
private let header = "line_id,invoice,customer,amount,currency,from,to,status,issued\n"

@Test func aLineOfAnInvoiceIsReadWithItsServicePeriod() {
  let result = read(
    source(.invoiceLine, fields),
    header + "L1,I1,C1,-12.50,EUR,2024-01-01,2024-01-31,paid,2024-01-01T08:00:00Z\n")
  #expect(
    result.rowSet == [
      "L1|I1|C1|-|-|-|-12500000|-|-|-|EUR|2024-01-01|2024-02-01|-|-|paid|2024-01-01T08:00:00Z|-"
    ])
  #expect(result.quarantined.isEmpty)
}

@Test func aServicePeriodThatEndsBeforeItStartsIsQuarantined() {
  let result = read(
    source(.invoiceLine, fields), header + "L1,I1,C1,1,EUR,2024-02-01,2023-01-31,paid,2024-01-01\n")
  #expect(result.rowSet.isEmpty)
  #expect(result.quarantined.map(\.name) == ["end-before-start"])
}
