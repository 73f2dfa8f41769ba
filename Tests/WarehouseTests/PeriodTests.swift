import Model
import Testing

@testable import Warehouse

@Test func aPeriodRowIsInTheBookOnceItsRunIsPublished() throws {
  let warehouse = try TestWarehouse()
  let summary = try warehouse.apply(
    charges([charge("a"), charge("b", "C2", to: "2024-03-01", amount: 50_000_000)]))
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

@Test func aChangedPeriodRowIsReplacedAndItsOldVersionKept() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a")]))
  let summary = try warehouse.apply(charges([charge("a", to: "2024-05-01")]))
  #expect(summary[0].entities[.recurringCharge]?.changed == 1)
  #expect(try told(warehouse.book("billing"), warehouse) == ["a 2024-01-01..2024-05-01 100"])
  let ends = try warehouse.rows(
    "select \"end\", seen_from, seen_to from recurring_charge_version order by \"row\"")
  #expect(ends == [["null", "1", "2"], ["2024-05-01", "2", "null"]])
}

@Test func aDeltaAddsAndChangesAndEndsNothing() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a"), charge("b")], extent: .delta))
  let summary = try warehouse.apply(charges([charge("b", to: "2024-02-01"), charge("c")], extent: .delta))
  let counts = try #require(summary[0].entities[.recurringCharge])
  #expect((counts.new, counts.changed, counts.vanished) == (1, 1, 0))
  #expect(
    try told(warehouse.book("billing"), warehouse)
      == ["a 2024-01-01.. 100", "b 2024-01-01..2024-02-01 100", "c 2024-01-01.. 100"])
}

@Test func ofADeltasRowsWithOneIdTheLaterLineWins() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    charges([charge("a", amount: 1_000_000), charge("a", amount: 2_000_000)], extent: .delta))
  #expect(try told(warehouse.book("billing"), warehouse) == ["a 2024-01-01.. 2"])
}

@Test func aKeyInQuarantineKeepsItsLastGoodVersionFlagged() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a"), charge("b")]))
  let summary = try warehouse.apply(charges([charge("a")], quarantined: [quarantinedCharge("b")]))
  #expect(summary[0].entities[.recurringCharge]?.kept == 1)
  #expect(summary[0].entities[.recurringCharge]?.vanished == 0)
  #expect(try told(warehouse.book("billing"), warehouse).count == 2)
  #expect(
    try warehouse.rows("select source, entity, natural_id, name from kept_from_quarantine")
      == [["billing", "recurring_charge", "b", "bad-date"]])
  try warehouse.apply(charges([charge("a"), charge("b")]))
  #expect(try warehouse.rows("select * from kept_from_quarantine").isEmpty, "mended, it is flagged no more")
}

@Test func nothingIsWithdrawnWhileAQuarantinedRowCouldBeAnyKey() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a"), charge("b"), charge("c")]))
  let summary = try warehouse.apply(charges([charge("a")], quarantined: [quarantinedCharge(nil)]))
  #expect(try told(warehouse.book("billing"), warehouse).count == 3)
  #expect(summary[0].findings.map(\.name) == ["vanished-rows-kept"])
  let next = try warehouse.apply(charges([charge("a")]))
  #expect(next[0].entities[.recurringCharge]?.vanished == 2)
}

@Test func aRecordListedForAnotherEntityCastsNoDoubtOnThisOne() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a"), charge("b")]))
  let summary = try warehouse.apply(
    charges([charge("a")], quarantined: [quarantinedCharge("C1", entity: .customer)]))
  #expect(summary[0].entities[.recurringCharge]?.vanished == 1)
}

@Test func aReadWithAnErrorEndsNothing() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a"), charge("b")]))
  var partial = charges([charge("a")])
  partial.findings = [Finding(.error, "unreadable-file", "one of two files cannot be read")]
  try warehouse.apply(partial)
  #expect(try told(warehouse.book("billing"), warehouse).count == 2)
}

@Test func twoRowsOfOneIdThatDifferAreAnErrorWhereMoneyCounts() throws {
  let warehouse = try TestWarehouse()
  let summary = try warehouse.apply(
    charges([charge("a", amount: 1_000_000), charge("b"), charge("a", amount: 2_000_000)]))
  #expect(summary[0].findings.map(\.name) == ["repeated-id"])
  #expect(summary[0].findings[0].severity == .error)
}

@Test func aRowThatRepeatsAnotherCountsOnce() throws {
  let warehouse = try TestWarehouse()
  let summary = try warehouse.apply(charges([charge("a"), charge("a")]))
  #expect(summary[0].findings.map(\.name) == ["repeated-row"])
  #expect(try told(warehouse.book("billing"), warehouse).count == 1)
}

@Test func severalFilesAreOneReadInWhichTheLaterSnapshotOfARowCounts() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    read(files: [
      ("b_2024-02.csv", "2024-02-29", [(.recurringCharge, [charge("a", amount: 2_000_000)])]),
      ("b_2024-01.csv", "2024-01-31", [(.recurringCharge, [charge("a", amount: 1_000_000), charge("b")])]),
    ]))
  #expect(try told(warehouse.book("billing"), warehouse) == ["a 2024-01-01.. 2", "b 2024-01-01.. 100"])
}

@Test func aSecondIdenticalRunLeavesEverythingButTheRunLogAsItWas() throws {
  let warehouse = try TestWarehouse()
  let all = read(
    files: [
      (
        "a.csv", nil,
        [(.recurringCharge, [charge("a"), charge("b", nil, amount: 1, with: ["subscription": "S1"])])]
      ),
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

@Test func theOrderOfRowsAndFilesShowsNowhere() throws {
  let rows = (0..<40).map { charge("c\($0)", "C\(($0 * 7) % 13)", amount: Int64($0) * 1_000_000) }
  func views(_ files: [[TestRow]], _ names: [String]) throws -> [[String]] {
    let warehouse = try TestWarehouse()
    try warehouse.apply(
      read(files: zip(names, files).map { ($0, nil, [(EntityKind.recurringCharge, $1)]) }))
    return try warehouse.rows(
      """
      select i.customer_id, i.natural_id, c.natural_id, v.amount from recurring_charge_version v
      join identity i on i.identity = v.customer join identity c on c.identity = v.identity
      order by c.natural_id
      """)
  }
  let forwards = try views([Array(rows[..<20]), Array(rows[20...])], ["a.csv", "b.csv"])
  let backwards = try views([rows[20...].reversed(), rows[..<20].reversed()], ["b.csv", "a.csv"])
  #expect(forwards == backwards)
  #expect(forwards.count == 40)
}

@Test func rowsReadAsStatesFromNowOnReplaceThoseReadAsPeriods() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a"), charge("b")], source: "stripe"))
  try warehouse.apply(snapshot("2024-06-30", [charge("a")]))
  #expect(try told(warehouse.book("stripe"), warehouse) == ["a 2024-01-01.. 100 proven from 2024-06-30"])
}
