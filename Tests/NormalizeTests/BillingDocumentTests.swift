import Model
import Testing

@testable import Normalize

@Test func anInvoiceIsReadWithItsAmountsInMinorUnits() {
  let result = read(
    source(
      .invoice,
      [
        "id": .column("id"), "customer": .column("customer"), "status": .column("status"),
        "total": .column("total", unit: .minor), "tax": .column("tax", unit: .minor),
        "currency": .column("currency"), "period_start": .column("from"),
        "period_end": .column("to", bound: .exclusive),
      ]),
    "id,customer,status,total,tax,currency,from,to\n"
      + "I1,C1,paid,11900,1900,EUR,2024-01-01,2024-02-01\nI2,C1,open,1,0,EUR,2024-02-01,2024-01-01\n")
  #expect(
    result.rowSet == [
      "I1|-|C1|-|paid|-|-|2024-01-01|2024-02-01|-|-|19000000|119000000|-|EUR|-|-|-"
    ])
  #expect(result.quarantined.map(\.name) == ["end-before-start"])
}

@Test(arguments: [EntityKind.payment, .refund, .creditNote])
func moneyThatGoesTheOtherWayIsNoAmountOfIt(entity: EntityKind) {
  let result = read(
    source(
      entity,
      [
        "id": .column("id"), "amount": .column("amount"), "currency": .column("currency"),
        "status": .constant(entity == .creditNote ? "issued" : "succeeded"),
      ]),
    "id,amount,currency\nA,5,EUR\nB,-5,EUR\n")
  #expect(result.rowSet.count == 1)
  #expect(result.quarantined.map(\.name) == ["negative-value"])
}

@Test func aContractHasATermAndSaysWhoseStepItIs() {
  let result = read(
    source(
      .contract,
      [
        "id": .column("id"), "ramp_of": .column("of"), "start": .column("start"),
        "end": .column("end", bound: .inclusive), "amount": .column("value"), "currency": .column("currency"),
        "cancellable": .column("cancellable"),
      ]),
    "id,of,start,end,value,currency,cancellable\nK1-1,K1,2024-01-01,2024-12-31,12000,USD,false\n")
  #expect(result.rowSet == ["K1-1|-|-|K1|-|-|2024-01-01|2025-01-01|12000000000|USD|0|-"])
}
