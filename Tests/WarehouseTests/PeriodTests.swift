import Model
import Testing

@testable import Warehouse

@Test func aPeriodRowIsInTheBookOnceItsRunIsPublished() throws {
  let warehouse = try TestWarehouse()
  let summary = try warehouse.apply(charges([charge("a"), charge("b", "C2", to: "2024-03-01", 50_000_000)]))
  #expect(summary[0].entities[.recurringCharge]?.new == 2)
  let book = try warehouse.book("billing")
  #expect(try told(book, warehouse) == ["a 2024-01-01.. 100", "b 2024-01-01..2024-03-01 50"])
  #expect(book.customers.map(\.name) == ["C1", "C2"])
  #expect(book.fed == [.recurringCharge])
}

@Test func aVanishedPeriodRowIsWithdrawn() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a"), charge("b")]))
  let summary = try warehouse.apply(charges([charge("a")]))
  #expect(summary[0].entities[.recurringCharge]?.vanished == 1)
  #expect(try told(warehouse.book("billing"), warehouse) == ["a 2024-01-01.. 100"])
  let seen = try warehouse.rows("select seen_from, seen_to from recurring_charge_version order by \"row\"")
  #expect(seen == [["1", "null"], ["1", "2"]], "the version stays, with the run that withdrew it")
}

@Test func aSecondIdenticalRunLeavesEverythingButTheRunLogAsItWas() throws {
  let warehouse = try TestWarehouse()
  let all = read(
    files: [
      ("a.csv", nil, [(.recurringCharge, [charge("a"), charge("b", nil, 1, ["subscription": "S1"])])]),
      ("b.csv", nil, [(.customer, [TestRow(["id": "C1", "name": "One", "attributes": "{}"])])]),
    ], quarantined: [quarantinedCharge("z")])
  try warehouse.apply(all)
  let before = try warehouse.contents()
  let summary = try warehouse.apply(all)
  #expect(summary[0].isUnchanged)
  #expect(summary[0].entities[.recurringCharge]?.unchanged == 2)
  #expect(try warehouse.contents() == before)
  #expect(try warehouse.rows("select count(*) from run") == [["2"]])
}
