import Model
import Testing

@testable import Warehouse

/// `id of owner from..to amount` of the charges known now; periods without the stretch.
private func items(_ warehouse: TestWarehouse) throws -> [String] {
  try warehouse.rows(
    """
    select i.natural_id || ' of ' || s.natural_id
      || coalesce(' ' || valid_from || '..' || coalesce(valid_to, ''), '') || ' ' || (amount / 1000000)
    from recurring_charge_version v join identity i on i.identity = v.identity
    join identity s on s.identity = v.subscription
    where seen_to is null order by i.natural_id, valid_from
    """
  ).map { $0[0] }
}

private func owners(_ warehouse: TestWarehouse) throws -> [String] {
  try warehouse.rows(
    """
    select i.natural_id || coalesce(' to ' || valid_to, '') from subscription_version v
    join identity i on i.identity = v.identity where seen_to is null order by 1
    """
  ).map { $0[0] }
}

private let a = charge("a", amount: 1_000_000)
private let b = charge("b", amount: 2_000_000)
private let c = charge("c", amount: 3_000_000)
private let everything = ["s1": [a, b], "s2": [c]]
private let modes: [SourceConfiguration.Rows] = [.currentState, .periods]

private func whole(
  _ mode: SourceConfiguration.Rows = .currentState, _ items: [String: [TestRow]] = everything
) throws -> TestWarehouse {
  let warehouse = try TestWarehouse()
  try warehouse.apply(subscriptions(items, at: "2024-01-31", rows: mode))
  return warehouse
}

/// Applies a read of changes with what stays in quarantine beside it.
@discardableResult
func applyChanges(_ read: SourceRead, to warehouse: TestWarehouse) throws -> ChangeSummary {
  var summary = ChangeSummary(source: "")
  try warehouse.run { transaction in
    var read = read
    read.standing = try transaction.standingQuarantine(beside: read)
    summary = try transaction.apply(read)
    return .publish
  }
  return summary
}

@Test func anItemThatItsRecordNoLongerHoldsHasEnded() throws {
  let states = try whole()
  let summary = try applyChanges(
    subscriptions(["s1": [a]], at: "2024-02-29", changes: changes()), to: states)
  #expect(summary.entities[.recurringCharge]?.vanished == 1)
  #expect(summary.entities[.recurringCharge]?.unchanged == 1)
  #expect(
    try items(states) == [
      "a of s1 2024-01-31.. 1", "b of s1 2024-01-31..2024-02-29 2", "c of s2 2024-01-31.. 3",
    ])
  let periods = try whole(.periods)
  let withdrawn = try applyChanges(
    subscriptions(["s1": [a]], at: "2024-02-29", rows: .periods, changes: changes()), to: periods)
  #expect(withdrawn.entities[.recurringCharge]?.vanished == 1)
  #expect(try items(periods) == ["a of s1 1", "c of s2 3"])
  let seen = try periods.rows(
    """
    select seen_from, seen_to from recurring_charge_version v join identity i on i.identity = v.identity
    where i.natural_id = 'b'
    """)
  #expect(seen == [["1", "2"]], "the version stays, with the run that withdrew it")
}

@Test func aDeletedRecordHasEndedWithEverythingOfIt() throws {
  for mode in modes {
    let warehouse = try whole(mode)
    let summary = try applyChanges(
      subscriptions([:], at: "2024-02-29", rows: mode, changes: changes(deleted: ["s1", "never known"])),
      to: warehouse)
    #expect(summary.entities[.recurringCharge]?.vanished == 2)
    #expect(summary.entities[.subscription]?.vanished == 1)
    let isState = mode == .currentState
    #expect(try owners(warehouse) == (isState ? ["s1 to 2024-02-29", "s2"] : ["s2"]))
    #expect(
      try items(warehouse)
        == (isState
          ? [
            "a of s1 2024-01-31..2024-02-29 1", "b of s1 2024-01-31..2024-02-29 2", "c of s2 2024-01-31.. 3",
          ]
          : ["c of s2 3"]))
    #expect(try warehouse.rows("select count(*) from identity where natural_id = 'never known'") == [["0"]])
  }
}

@Test func whatIsDeletedAndReturnsIsThereAgainFromThen() throws {
  let warehouse = try whole()
  try applyChanges(
    subscriptions([:], at: "2024-02-29", changes: changes(deleted: ["s2"])), to: warehouse)
  let summary = try applyChanges(
    subscriptions(["s2": [c]], at: "2024-03-31", changes: changes()), to: warehouse)
  #expect(summary.entities[.recurringCharge]?.changed == 1)
  #expect(
    try items(warehouse).suffix(2) == ["c of s2 2024-01-31..2024-02-29 3", "c of s2 2024-03-31.. 3"])
  let periods = try whole(.periods)
  try applyChanges(
    subscriptions([:], at: "2024-02-29", rows: .periods, changes: changes(deleted: ["s2"])), to: periods)
  try applyChanges(
    subscriptions(["s2": [c]], at: "2024-03-31", rows: .periods, changes: changes()), to: periods)
  #expect(try items(periods) == ["a of s1 1", "b of s1 2", "c of s2 3"])
}

@Test func aRecordThatGaveNoRowHoldsNothingAnyMore() throws {
  for mode in modes {
    let warehouse = try whole(mode)
    let summary = try applyChanges(
      subscriptions(["s2": [c]], at: "2024-02-29", rows: mode, changes: changes(held: ["s1", "s2"])),
      to: warehouse)
    #expect(summary.entities[.recurringCharge]?.vanished == 2)
    #expect(summary.entities[.subscription]?.vanished == 1)
  }
}

@Test func anItemThatMovedToAnotherRecordHasNotEnded() throws {
  for mode in modes {
    let warehouse = try whole(mode)
    try applyChanges(
      subscriptions(["s2": [b, c]], at: "2024-02-29", rows: mode, changes: changes()), to: warehouse)
    let summary = try applyChanges(
      subscriptions(["s1": [a]], at: "2024-03-31", rows: mode, changes: changes()), to: warehouse)
    #expect(summary.entities[.recurringCharge]?.vanished == 0, "\(mode)")
    let isState = mode == .currentState
    #expect(try items(warehouse).contains(isState ? "b of s2 2024-02-29.. 2" : "b of s2 2"))
  }
}

@Test func anItemInQuarantineKeepsItsLastGoodVersionUntilItsRecordIsReadAgain() throws {
  for mode in modes {
    let warehouse = try whole(mode)
    let before = try items(warehouse)
    let broken = try applyChanges(
      subscriptions(
        ["s1": [a]], at: "2024-02-29", rows: mode, changes: changes(),
        quarantined: quarantinedItem("b", of: "s1", at: "2024-02-29")), to: warehouse)
    #expect(broken.entities[.recurringCharge]?.vanished == 0)
    #expect(broken.entities[.recurringCharge]?.kept == 1)
    #expect(try items(warehouse) == before)
    // Nothing is said of s1.
    try applyChanges(
      subscriptions(["s2": [c]], at: "2024-03-31", rows: mode, changes: changes()), to: warehouse)
    #expect(try items(warehouse) == before)
    let kept = "select distinct run, natural_id from kept_from_quarantine where entity = 'recurring_charge'"
    #expect(try warehouse.rows(kept) == [["3", "b"]], "it stands in quarantine still")
    #expect(
      try warehouse.rows("select records, good, quarantined from source_read order by run")
        == [["5", "5", "0"], ["4", "3", "1"], ["3", "2", "1"]])
    try applyChanges(
      subscriptions(["s1": [a]], at: "2024-04-30", rows: mode, changes: changes()), to: warehouse)
    #expect(try warehouse.rows(kept).isEmpty)
    #expect(try items(warehouse).count == (mode == .currentState ? 3 : 2))
    #expect(try !items(warehouse).contains { $0.hasPrefix("b of s1") && $0.contains(".. ") })
  }
}

@Test func itemsWithoutTheirRecordsRowEndWithItAllTheSame() throws {
  func charges(_ items: [TestRow], at: String, _ changes: ReadChanges?) -> SourceRead {
    var read = read(
      "stripe", extent: changes == nil ? .full : .delta, through: at, rows: .currentState,
      files: [("\(at).ndjson", nil, [(.recurringCharge, items)])], entities: [.recurringCharge])
    read.stream = streamRead(changes == nil ? .whole : .changes, at: at)
    read.changes = changes
    return read
  }
  let told = ReadChanges(columns: [.recurringCharge: "subscription"], deleted: ["s2"])
  func of(_ owner: String, _ row: TestRow) -> TestRow {
    TestRow(row.cells.merging(["subscription": owner]) { $1 })
  }
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([of("s1", a), of("s1", b), of("s2", c)], at: "2024-01-31", nil))
  let summary = try applyChanges(charges([of("s1", a)], at: "2024-02-29", told), to: warehouse)
  #expect(summary.entities[.recurringCharge]?.vanished == 2)
  #expect(
    try items(warehouse) == [
      "a of s1 2024-01-31.. 1", "b of s1 2024-01-31..2024-02-29 2", "c of s2 2024-01-31..2024-02-29 3",
    ])
}

@Test func linesThatNameTheirRecordByATextEndWithIt() throws {
  func lines(_ lines: [(id: String, invoice: String)], at: String, _ changes: ReadChanges?) -> SourceRead {
    let rows = lines.map {
      TestRow(["id": $0.id, "invoice": $0.invoice, "customer": "C1", "amount": "1", "currency": "USD"])
    }
    var read = read(
      "stripe", extent: changes == nil ? .full : .delta, through: at,
      files: [("\(at).ndjson", nil, [(.invoiceLine, rows)])], entities: [.invoiceLine])
    read.stream = streamRead(changes == nil ? .whole : .changes, at: at)
    read.changes = changes
    return read
  }
  let warehouse = try TestWarehouse()
  try warehouse.apply(lines([("l1", "i1"), ("l2", "i1"), ("l3", "i2")], at: "2024-01-31", nil))
  let told = ReadChanges(columns: [.invoiceLine: "invoice"])
  let summary = try applyChanges(lines([("l1", "i1")], at: "2024-02-29", told), to: warehouse)
  #expect(summary.entities[.invoiceLine]?.vanished == 1)
  #expect(
    try warehouse.rows(
      """
      select i.natural_id from invoice_line_version v join identity i on i.identity = v.identity
      where seen_to is null order by 1
      """) == [["l1"], ["l3"]])
}

@Test func whatManyRecordsNameIsNobodysAndStays() throws {
  func plans(_ owners: [String: String], at: String, _ changes: ReadChanges?) -> SourceRead {
    var read = subscriptions(
      owners.mapValues { [charge($0 + "-item", with: ["plan": $0])] }, at: at, rows: .periods,
      changes: changes)
    read.source.entities.append(
      .init(entity: .plan, rows: .periods, fields: [:], place: Place(file: "")))
    read.parts.append(
      .init(file: 0, batch: batch(.plan, Set(owners.values).sorted().map { TestRow(["id": $0]) })))
    return read
  }
  let warehouse = try TestWarehouse()
  try warehouse.apply(plans(["s1": "gold", "s2": "silver"], at: "2024-01-31", nil))
  try applyChanges(plans(["s1": "silver"], at: "2024-02-29", changes()), to: warehouse)
  #expect(
    try warehouse.rows(
      """
      select i.natural_id from plan_version v join identity i on i.identity = v.identity where seen_to is null order by 1
      """) == [["gold"], ["silver"]])
}

@Test func aReadOfChangesThatIsReadAgainChangesNothing() throws {
  for mode in modes {
    let warehouse = try whole(mode)
    let read = subscriptions(
      ["s1": [a], "s3": [charge("d")]], at: "2024-02-29", rows: mode, changes: changes(deleted: ["s2"]))
    try applyChanges(read, to: warehouse)
    let before = try warehouse.contents()
    #expect(try applyChanges(read, to: warehouse).isUnchanged)
    #expect(try warehouse.contents() == before)
  }
}

@Test func aReadOfChangesWithAnErrorOrAnUnreadableRowEndsNothing() throws {
  let warehouse = try whole()
  var read = subscriptions(["s1": [a]], at: "2024-02-29", changes: changes(deleted: ["s2"]))
  read.quarantined = [quarantinedCharge(nil, file: "stripe_2024-02-29.ndjson", entity: nil)]
  let summary = try applyChanges(read, to: warehouse)
  #expect(summary.findings.map(\.name).contains("cursor-kept-back"))
  #expect(
    try items(warehouse) == ["a of s1 2024-01-31.. 1", "b of s1 2024-01-31.. 2", "c of s2 2024-01-31.. 3"])
  // Asked for again, and readable now.
  read.quarantined = []
  try applyChanges(read, to: warehouse)
  #expect(try items(warehouse).count { $0.contains("..2024-02-29") } == 2)
}

@Test func aRecordWhoseItemsCannotBeReadKeepsThemUntilItIsReadAgain() throws {
  for mode in modes {
    let warehouse = try whole(mode)
    let before = try items(warehouse)
    // What quarantine says of a document whose list of items is none: its own id, and that items could be any.
    let broken = Array(quarantinedItem("", of: "s1", at: "2024-02-29").reversed()).map { row in
      var row = row
      if row.entity == .recurringCharge { row.key = nil }
      return row
    }
    let summary = try applyChanges(
      subscriptions(
        [:], at: "2024-02-29", rows: mode, changes: changes(held: ["s1"]), quarantined: broken), to: warehouse
    )
    #expect(summary.entities[.recurringCharge]?.vanished == 0)
    #expect(summary.entities[.subscription]?.vanished == 0)
    #expect(summary.findings.map(\.name).contains("cursor-kept-back"))
    #expect(try items(warehouse) == before)
    // Nothing is said of s1.
    try applyChanges(
      subscriptions(["s2": [c]], at: "2024-03-31", rows: mode, changes: changes()), to: warehouse)
    #expect(try items(warehouse) == before)
    try applyChanges(
      subscriptions(["s1": [a]], at: "2024-04-30", rows: mode, changes: changes()), to: warehouse)
    #expect(try !items(warehouse).contains { $0.hasPrefix("b of s1") && $0.contains(".. ") })
    #expect(try owners(warehouse) == ["s1", "s2"])
  }
}
