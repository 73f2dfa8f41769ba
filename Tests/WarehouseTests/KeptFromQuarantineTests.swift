import GRDB
import Model
import Testing

@testable import Warehouse

private let kept = "select source, entity, natural_id, name from kept_from_quarantine order by 1, 2, 3"

/// Charges and their customers of one night; the customers that cannot be read are in quarantine.
private func night(
  _ number: Int, customers: [String], quarantined: [String], of rows: SourceConfiguration.Rows = .periods,
  source: String = "billing"
) -> SourceRead {
  let (file, at) = ("\(source)_\(number).csv", "2024-0\(number)-28")
  return read(
    source, system: "billing", extent: .full, through: at, rows: rows,
    files: [
      (
        file, rows == .currentState ? at : nil,
        [
          (.customer, customers.map { TestRow(["id": $0, "name": "Name \(number)"]) }),
          (.recurringCharge, [charge("a", "C1"), charge("b", "C2")]),
        ]
      )
    ], quarantined: quarantined.map { quarantinedCharge($0, file: file, entity: .customer) })
}

@Test(arguments: [SourceConfiguration.Rows.periods, .currentState])
func aKeyInQuarantineThatNeverHadAGoodVersionKeepsNone(_ rows: SourceConfiguration.Rows) throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(night(1, customers: ["C2"], quarantined: ["C1", "C3"], of: rows))
  #expect(try warehouse.rows(kept) == [], "a charge names one of them, nothing the other")
  try warehouse.apply(night(2, customers: ["C1", "C2"], quarantined: ["C3"], of: rows))
  #expect(try warehouse.rows(kept) == [])
  try warehouse.apply(night(3, customers: ["C2"], quarantined: ["C1", "C3"], of: rows))
  #expect(try warehouse.rows(kept) == [["billing", "customer", "C1", "bad-date"]])
}

@Test(arguments: [SourceConfiguration.Rows.periods, .currentState])
func aKeyThatWasGoneBeforeItsQuarantineKeepsNothing(_ rows: SourceConfiguration.Rows) throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(night(1, customers: ["C1", "C2"], quarantined: [], of: rows))
  try warehouse.apply(night(2, customers: ["C2"], quarantined: [], of: rows))
  try warehouse.apply(night(3, customers: ["C2"], quarantined: ["C1"], of: rows))
  #expect(try warehouse.rows(kept) == [])
}

@Test func whatAnotherSourceStatesIsNotKept() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    night(1, customers: ["C1"], quarantined: []),
    night(1, customers: [], quarantined: ["C1"], source: "other"))
  #expect(try warehouse.rows(kept) == [])
}

@Test(arguments: EntityKind.allCases)
func keptFromQuarantineKnowsTheVersionsOfEveryEntity(_ entity: EntityKind) {
  #expect(keptFromQuarantine.contains("when '\(entity.rawValue)'"))
  #expect(keptFromQuarantine.contains(" \(versionTableName(entity)) v"))
}

@Test func aWarehouseOfTheSixteenthSchemaListsWhatIsKeptAndNothingElse() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(night(1, customers: ["C2"], quarantined: []))
  try warehouse.apply(night(2, customers: [], quarantined: ["C1", "C2"]))
  try warehouse.goBack(toSchema: 16)
  #expect(try warehouse.rows(kept).map { $0[2] } == ["C1", "C2"])
  let migrated = try Warehouse(opening: warehouse.path)
  #expect(try migrated.queue.read { try Row.fetchAll($0, sql: kept).map { $0[2] as String } } == ["C2"])
  #expect(try WarehouseReader(reading: warehouse.path).integrityProblems().isEmpty)
}
