import Model
import Testing

@testable import Warehouse

/// `id from..to amount` of the versions known now.
private func states(_ warehouse: TestWarehouse) throws -> [String] {
  try warehouse.rows(
    """
    select i.natural_id || ' ' || valid_from || '..' || coalesce(valid_to, '') || ' ' || (amount / 1000000)
    from recurring_charge_version v join identity i on i.identity = v.identity
    where seen_to is null order by i.natural_id, valid_from
    """
  ).map { $0[0] }
}

private let a = charge("a", amount: 1_000_000)
private let dearer = charge("a", amount: 2_000_000)

@Test func aVanishedStateEndsAtTheSnapshot() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [a, charge("b")]))
  let summary = try warehouse.apply(snapshot("2024-02-29", [charge("b")]))
  #expect(summary[0].entities[.recurringCharge]?.vanished == 1)
  #expect(try states(warehouse) == ["a 2024-01-31..2024-02-29 1", "b 2024-01-31.. 100"])
}

@Test func aVanishedStateEndsWhenTheRowItselfSaid() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [charge("a", to: "2024-02-10", amount: 1_000_000)]))
  try warehouse.apply(snapshot("2024-02-29", []))
  let book = try warehouse.book("stripe")
  #expect(try told(book, warehouse) == ["a 2024-01-01..2024-02-10 1 proven from 2024-01-31"])
}

@Test func anUnchangedStateIsOneStretchOverAllSnapshots() throws {
  let warehouse = try TestWarehouse()
  for month in ["2024-01-31", "2024-02-29", "2024-03-31"] { try warehouse.apply(snapshot(month, [a])) }
  #expect(try states(warehouse) == ["a 2024-01-31.. 1"])
  #expect(try warehouse.rows("select count(*) from recurring_charge_version") == [["1"]])
}

@Test func aChangedStateHoldsFromTheSnapshotThatShowsIt() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [a]))
  try warehouse.apply(snapshot("2024-02-29", [dearer]))
  #expect(try states(warehouse) == ["a 2024-01-31..2024-02-29 1", "a 2024-02-29.. 2"])
  let versions = try warehouse.rows(
    "select valid_from, valid_to, seen_from, seen_to from recurring_charge_version order by 3, 1")
  #expect(
    versions == [
      ["2024-01-31", "null", "1", "2"], ["2024-01-31", "2024-02-29", "2", "null"],
      ["2024-02-29", "null", "2", "null"],
    ], "what was known before stays, with the run that replaced it")
}

@Test func aLateSnapshotFillsTheStretchUntilTheNextKnownOne() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [a]))
  try warehouse.apply(snapshot("2024-03-31", [a]))
  try warehouse.apply(snapshot("2024-02-29", [dearer]))
  #expect(
    try states(warehouse) == ["a 2024-01-31..2024-02-29 1", "a 2024-02-29..2024-03-31 2", "a 2024-03-31.. 1"])
}

@Test func aLateSnapshotWithoutTheKeyLeavesAGap() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [a]))
  try warehouse.apply(snapshot("2024-03-31", [a]))
  try warehouse.apply(snapshot("2024-02-29", []))
  #expect(try states(warehouse) == ["a 2024-01-31..2024-02-29 1", "a 2024-03-31.. 1"])
}

@Test func aSnapshotReadAgainCorrectsItself() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [a]), snapshot("2024-02-29", [dearer]))
  try warehouse.apply(snapshot("2024-02-29", [a]))
  #expect(try states(warehouse) == ["a 2024-01-31.. 1"])
}

@Test func aKeyInQuarantineKeepsItsState() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [a]))
  let file = "stripe_2024-02-29.csv"
  let bad = snapshot("2024-02-29", [], quarantined: [quarantinedCharge("a", file: file)])
  #expect(try warehouse.apply(bad)[0].entities[.recurringCharge]?.kept == 1)
  #expect(try states(warehouse) == ["a 2024-01-31.. 1"])
}

@Test func aKeyInQuarantineKeepsAStateThatBecomesKnownLater() throws {
  let warehouse = try TestWarehouse()
  let file = "stripe_2024-02-29.csv"
  try warehouse.apply(snapshot("2024-02-29", [], quarantined: [quarantinedCharge("a", file: file)]))
  try warehouse.apply(snapshot("2024-03-31", []))
  try warehouse.apply(snapshot("2024-01-31", [a]))
  #expect(try states(warehouse) == ["a 2024-01-31..2024-03-31 1"])
}

@Test func nothingEndsAtASnapshotWithRowsThatCouldBeAnyKey() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [a]))
  let file = "stripe_2024-02-29.csv"
  let summary = try warehouse.apply(
    snapshot("2024-02-29", [], quarantined: [quarantinedCharge(nil, file: file, entity: nil)]))
  #expect(summary[0].findings.map(\.name) == ["vanished-rows-kept"])
  #expect(try states(warehouse) == ["a 2024-01-31.. 1"])
}

@Test func statesOfADeltaHoldUntilTheKeysNextOne() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [a, charge("b")], extent: .delta))
  try warehouse.apply(snapshot("2024-03-31", [a], extent: .delta))
  try warehouse.apply(snapshot("2024-02-29", [dearer], extent: .delta))
  #expect(
    try states(warehouse) == [
      "a 2024-01-31..2024-02-29 1", "a 2024-02-29..2024-03-31 2", "a 2024-03-31.. 1", "b 2024-01-31.. 100",
    ])
}

@Test func severalSnapshotsInOneReadAreTheirHistory() throws {
  let warehouse = try TestWarehouse()
  let history = read(
    "stripe", through: "2024-03-31", rows: .currentState,
    files: [
      ("s_2024-03-31.csv", "2024-03-31", [(.recurringCharge, [])]),
      ("s_2024-01-31.csv", "2024-01-31", [(.recurringCharge, [a])]),
      ("s_2024-02-29.csv", "2024-02-29", [(.recurringCharge, [dearer])]),
    ])
  try warehouse.apply(history)
  #expect(try states(warehouse) == ["a 2024-01-31..2024-02-29 1", "a 2024-02-29..2024-03-31 2"])
  let before = try warehouse.contents()
  try warehouse.apply(history)
  #expect(try warehouse.contents() == before)
}

// MARK: What the snapshots prove

@Test func theStretchBeforeTheOnlySnapshotIsAssumed() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-06-30", [a]))
  #expect(try told(warehouse.book("stripe"), warehouse) == ["a 2024-01-01.. 1 proven from 2024-06-30"])
}

@Test func whatStartedSinceTheSnapshotBeforeIsProven() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-05-31", []))
  try warehouse.apply(snapshot("2024-06-30", [charge("a", from: "2024-06-10", amount: 1_000_000)]))
  #expect(try told(warehouse.book("stripe"), warehouse) == ["a 2024-06-10.. 1"])
}

@Test func whatSaysItStartedBeforeASnapshotWithoutItIsAssumed() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-05-31", []))
  try warehouse.apply(snapshot("2024-06-30", [charge("a", from: "2024-03-10", amount: 1_000_000)]))
  #expect(try told(warehouse.book("stripe"), warehouse) == ["a 2024-03-10.. 1 proven from 2024-06-30"])
}

private func subscriptions(
  _ at: String, _ charges: [TestRow], started: String = "2024-01-01",
  extent: SourceConfiguration.Extent = .full
) -> SourceRead {
  read(
    "stripe", extent: extent, through: at, rows: .currentState,
    files: [
      (
        "stripe_\(at).csv", at,
        [
          (.subscription, [TestRow(["id": "S", "customer": "C1", "status": "active", "started": started])]),
          (.recurringCharge, charges),
        ]
      )
    ])
}

private func item(_ id: String, from start: String? = "2024-01-01", amount: Int64) -> TestRow {
  charge(id, from: start, amount: amount, with: ["subscription": "S"])
}

@Test(arguments: ["2024-01-01", nil])
func anItemThatTakesAnothersPlaceDoesNotCountBesideItInThePast(start: String?) throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(subscriptions("2024-02-29", [item("a", from: start, amount: 1_000_000)]))
  try warehouse.apply(subscriptions("2024-03-31", [item("b", from: start, amount: 5_000_000)]))
  // Its start is that of its subscription, which was there without it: it says nothing of the item.
  #expect(
    try told(warehouse.book("stripe"), warehouse) == [
      "a 2024-01-01..2024-03-31 1 proven from 2024-02-29", "b 2024-03-31.. 5",
    ])
}

@Test func aSubscriptionThatIsNewAndBackdatedCountsFromItsStart() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-02-29", [charge("z", amount: 1_000_000)]))
  try warehouse.apply(
    subscriptions("2024-03-31", [item("b", amount: 5_000_000), charge("z", amount: 1_000_000)]))
  #expect(
    try told(warehouse.book("stripe"), warehouse) == [
      "b 2024-01-01.. 5 proven from 2024-03-31", "z 2024-01-01.. 1 proven from 2024-02-29",
    ])
}

@Test func anItemWithAStartOfItsOwnCountsFromThere() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(subscriptions("2024-02-29", [item("a", amount: 1_000_000)]))
  try warehouse.apply(
    subscriptions(
      "2024-03-31", [item("a", amount: 1_000_000), item("b", from: "2024-02-10", amount: 5_000_000)]))
  #expect(
    try told(warehouse.book("stripe"), warehouse).last == "b 2024-02-10.. 5 proven from 2024-03-31")
}

@Test func aRowWithoutAStartCountsFromItsFirstSnapshot() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-06-30", [charge("a", from: nil, amount: 1_000_000)]))
  #expect(try told(warehouse.book("stripe"), warehouse) == ["a 2024-06-30.. 1"])
}

@Test func aChangedPriceCountsFromItsOwnStartWhereItNamesOne() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [charge("a", from: "2024-01-31", amount: 1_000_000)]))
  try warehouse.apply(snapshot("2024-02-29", [charge("a", from: "2024-02-15", amount: 2_000_000)]))
  try warehouse.apply(snapshot("2024-03-31", [charge("a", from: "2024-02-15", amount: 3_000_000)]))
  #expect(
    try told(warehouse.book("stripe"), warehouse)
      == ["a 2024-01-31..2024-02-15 1", "a 2024-02-15..2024-03-31 2", "a 2024-03-31.. 3"])
}

@Test func anEndThatALaterSnapshotTellsEndsTheStateBefore() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-15", [charge("a", from: "2024-01-15", amount: 1_000_000)]))
  try warehouse.apply(
    snapshot("2024-03-15", [charge("a", from: "2024-01-15", to: "2024-02-10", amount: 1_000_000)]))
  #expect(try told(warehouse.book("stripe"), warehouse) == ["a 2024-01-15..2024-02-10 1"])
}

@Test func whatReturnsAfterAGapDoesNotCountInTheGap() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(snapshot("2024-01-31", [charge("a", from: "2024-01-31", amount: 1_000_000)]))
  try warehouse.apply(snapshot("2024-02-29", []))
  try warehouse.apply(snapshot("2024-03-31", [charge("a", from: "2024-01-31", amount: 1_000_000)]))
  #expect(
    try told(warehouse.book("stripe"), warehouse) == ["a 2024-01-31..2024-02-29 1", "a 2024-03-31.. 1"])
}
