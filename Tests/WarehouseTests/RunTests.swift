import Foundation
import GRDB
import Model
import Testing

@testable import Warehouse

@Test func readersSeeTheStateBeforeARunUntilItPublishes() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a")]))
  let reader = try WarehouseReader(reading: warehouse.path)
  func count() throws -> Int64? {
    var count: Int64?
    try reader.query(
      "select count(*) from recurring_charge_version where seen_to is null", columns: { _ in },
      row: { if case .integer(let number) = $0[0] { count = number } })
    return count
  }
  try warehouse.run { transaction in
    _ = try transaction.apply(charges([charge("a"), charge("b")]))
    #expect(try count() == 1)
    #expect(try reader.latestRuns(1).first?.status == .running)
    return .publish
  }
  #expect(try count() == 2)
  #expect(try reader.latestRuns(2).map(\.status) == [.published, .published])
}

@Test func aFailedRunLeavesItsLogAndNothingElse() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a")]))
  let before = try warehouse.contents()
  let record = try warehouse.run { transaction in
    _ = try transaction.apply(charges([charge("b")], quarantined: [quarantinedCharge("x")]))
    transaction.record([Finding(.error, "no-rate", "no rate")])
    transaction.record(
      StageRecord(
        stage: "apply", source: "billing", started: day("2024-01-01"), ended: day("2024-01-01"), rows: 1))
    return .fail(reason: "no rate")
  }
  #expect(record.status == .failed)
  #expect(record.reason == "no rate")
  #expect(try warehouse.contents() == before)
  let reader = try WarehouseReader(reading: warehouse.path)
  #expect(try reader.findings(of: record.id).map(\.name) == ["no-rate"])
  #expect(try reader.stages(of: record.id).map(\.stage) == ["apply"])
  #expect(try reader.quarantine(QuarantineFilter()).entries.map(\.row.key) == ["x"])
  #expect(try reader.quarantine(QuarantineFilter(source: "other")).total == 0)
  #expect(try warehouse.rows("select path from source_file where run = \(record.id)") == [["billing.csv"]])
}

@Test func aRunWhoseBodyThrowsIsLoggedAsFailed() throws {
  struct Outage: Error {}
  let warehouse = try TestWarehouse()
  #expect(throws: Outage.self) { try warehouse.run { _ in throw Outage() } }
  #expect(try WarehouseReader(reading: warehouse.path).latestRuns(1).first?.status == .failed)
}

@Test func aDryRunLeavesNoTrace() throws {
  let warehouse = try TestWarehouse()
  try warehouse.run { transaction in
    _ = try transaction.apply(charges([charge("a")]))
    return .discard
  }
  #expect(try warehouse.rows("select * from run").isEmpty)
  #expect(try warehouse.rows("select * from identity").isEmpty)
}

@Test func aRunThatNeverEndedIsMarkedAsFailedByTheNextOne() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a")]))
  try warehouse.warehouse.queue.write {
    try $0.execute(
      sql: """
        insert into run (pipeline, status, started, program, policy, configuration)
        values ('nightly', 'running', '2024-01-01', 'x', 'x', 1)
        """)
  }
  try warehouse.apply(charges([charge("a")]))
  #expect(
    try warehouse.rows("select status from run order by run") == [["published"], ["failed"], ["published"]])
}

@Test func aHeldReadPassesOnceItIsAcceptedAndOnlyThatRead() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a"), charge("b")]))
  let fallen = charges([charge("a")])
  func attempt(_ read: SourceRead) throws -> RunRecord {
    try warehouse.run { transaction in
      let previous = try transaction.previousWholeRead(of: "billing")
      _ = try transaction.apply(read)
      let fell = read.records < previous?.records ?? 0
      if fell, try !transaction.isAccepted("billing") {
        return .hold([Hold(source: "billing", reason: "rows fell from 2 to 1")])
      }
      return .publish
    }
  }
  #expect(throws: WarehouseError.nothingHeld(source: "billing")) {
    try warehouse.warehouse.accept(source: "billing", at: day("2024-01-01"))
  }
  let held = try attempt(fallen)
  #expect(held.status == .held)
  #expect(held.reason == "billing: rows fell from 2 to 1")
  #expect(throws: WarehouseError.nothingHeld(source: "crm")) {
    try warehouse.warehouse.accept(source: "crm", at: day("2024-01-01"))
  }
  try warehouse.warehouse.accept(source: "billing", at: day("2024-01-01"))
  #expect(try attempt(charges([charge("b")])).status == .held, "another read than the one accepted")
  #expect(try attempt(fallen).status == .published)
  try warehouse.apply(charges([charge("a"), charge("b")]))
  #expect(try attempt(fallen).status == .held, "an acceptance is good for one published run")
}

@Test func aSecondRunIsKeptOutWhileTheFirstHoldsTheLock() throws {
  let warehouse = try TestWarehouse()
  let lock = try Warehouse.lock(warehouse.path)
  #expect(throws: WarehouseError.lockedByAnotherRun(path: warehouse.path)) {
    _ = try Warehouse.lock(warehouse.path)
  }
  lock.release()
  try Warehouse.lock(warehouse.path).release()
}

// MARK: Opening

@Test func aFileThatIsNoSQLiteFileIsRefused() throws {
  let warehouse = try TestWarehouse()
  let other = warehouse.folder.appendingPathComponent("notes.sqlite").path
  try Data("these are my notes, a page of them\n".utf8).write(to: URL(fileURLWithPath: other))
  #expect(throws: WarehouseError.notAWarehouse(path: other, reason: "it is no SQLite file")) {
    _ = try Warehouse(opening: other)
  }
  #expect(throws: WarehouseError.self) { _ = try WarehouseReader(reading: other) }
}

@Test func aDatabaseOfAnotherProgramIsRefusedAndLeftAsItIs() throws {
  let warehouse = try TestWarehouse()
  let other = warehouse.folder.appendingPathComponent("other.sqlite").path
  try DatabaseQueue(path: other).write { try $0.execute(sql: "create table t (x)") }
  let before = try Data(contentsOf: URL(fileURLWithPath: other))
  #expect(throws: WarehouseError.self) { _ = try Warehouse(opening: other) }
  #expect(try Data(contentsOf: URL(fileURLWithPath: other)) == before)
}

@Test func aFirstRunThatHasOnlyBegunIsToldAsThatAndTakenUpByTheNext() throws {
  let folder = try TestWarehouse().folder
  let path = folder.path + "/begun.sqlite"
  #expect(throws: WarehouseError.missing(path: path)) { _ = try WarehouseReader(reading: path) }
  let lock = try Warehouse.lock(path)
  #expect(throws: WarehouseError.unfinished(path: path)) { _ = try WarehouseReader(reading: path) }
  // What the migrator leaves before its first step.
  try DatabaseQueue(path: path).write {
    try $0.execute(sql: "create table grdb_migrations (identifier text not null primary key)")
  }
  #expect(throws: WarehouseError.unfinished(path: path)) { _ = try WarehouseReader(reading: path) }
  lock.release()
  _ = try Warehouse(opening: path)
  #expect(try WarehouseReader(reading: path).publishedRun() == nil)
}

@Test func aNewerSchemaIsRefused() throws {
  let warehouse = try TestWarehouse()
  try warehouse.warehouse.queue.write { try $0.execute(sql: "pragma user_version = 999") }
  #expect(throws: WarehouseError.newerSchema(path: warehouse.path, found: 999, known: schemaVersion)) {
    _ = try Warehouse(opening: warehouse.path)
  }
}

/// A disk that is full is enough: the steps of the schema are each whole.
@Test func aFileThatWasBrokenOffWhileItsSchemaWasMadeIsNoOlderWarehouse() throws {
  let other = try TestWarehouse()
  let path = other.folder.path + "/broken-off.sqlite"
  let begun = try DatabaseQueue(path: path)
  try schemaMigrator().migrate(begun, upTo: "14")
  try begun.close()
  #expect(throws: WarehouseError.unfinished(path: path)) { _ = try WarehouseReader(reading: path) }
  _ = try Warehouse(opening: path)
  #expect(try WarehouseReader(reading: path).publishedRun() == nil)
  #expect(!FileManager.default.fileExists(atPath: path + ".schema-14.backup"))
}

@Test func anOlderSchemaIsMigratedAfterACopyBesideIt() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a")]))
  try warehouse.warehouse.queue.write { try $0.execute(sql: "pragma user_version = 0") }
  _ = try Warehouse(opening: warehouse.path)
  let copy = try DatabaseQueue(path: warehouse.path + ".schema-0.backup")
  #expect(try copy.read { try Int.fetchOne($0, sql: "select count(*) from recurring_charge_version") } == 1)
  #expect(throws: WarehouseError.self) {
    _ = try WarehouseReader(reading: warehouse.folder.path + "/none.sqlite")
  }
}

@Test func aWarehouseOfTheFirstSchemaLearnsInvoiceLines() throws {
  let warehouse = try TestWarehouse()
  let old = warehouse.folder.path + "/old.sqlite"
  do {
    let queue = try DatabaseQueue(path: old)
    try schemaMigrator().migrate(queue, upTo: "1")
  }
  let lines = read(
    files: [
      (
        "lines.csv", nil,
        [
          (
            .invoiceLine,
            [
              TestRow([
                "id": "L1", "customer": "C1", "amount": "5000000", "currency": "USD", "status": "paid",
              ])
            ]
          )
        ]
      )
    ])
  let opened = try Warehouse(opening: old)
  let lock = try Warehouse.lock(old)
  let request = RunRequest(
    pipeline: "nightly", started: warehouse.now(), program: "test", policy: "standard@1",
    configuration: "a: 1\n")
  _ = try opened.run(request, holding: lock, now: warehouse.now) { transaction in
    let summary = try transaction.apply(lines)
    #expect(summary.entities[.invoiceLine]?.new == 1)
    return .publish
  }
  let stored = try opened.queue.read {
    try Row.fetchAll(
      $0,
      sql: """
        select l.amount, l.status, i.natural_id from invoice_line_version l join identity i on i.identity = l.customer
        """
    ).map { "\($0[0] as Int64) \($0[1] as String) \($0[2] as String)" }
  }
  #expect(stored == ["5000000 paid C1"])
  #expect(try WarehouseReader(reading: old).integrityProblems().isEmpty)
}

@Test func billingDocumentsAreKeptWithWhatTheyReferTo() throws {
  let warehouse = try TestWarehouse()
  let old = warehouse.folder.path + "/old.sqlite"
  do {
    let queue = try DatabaseQueue(path: old)
    try schemaMigrator().migrate(queue, upTo: "7")
  }
  func row(_ values: [String: String]) -> TestRow {
    TestRow(values.merging(["amount": "5000000", "currency": "USD"]) { given, _ in given })
  }
  let documents = read(
    files: [
      (
        "documents.ndjson", nil,
        [
          (.invoice, [TestRow(["id": "I1", "customer": "C1", "total": "9000000", "currency": "USD"])]),
          (.payment, [row(["id": "P1", "invoice": "I1", "status": "succeeded"])]),
          (.refund, [row(["id": "R1", "payment": "P1", "invoice": "I1"])]),
          (.creditNote, [row(["id": "N1", "invoice": "I1"])]),
          (.contract, [row(["id": "K1", "customer": "C1"]), row(["id": "K1-1", "ramp_of": "K1"])]),
        ]
      )
    ])
  let opened = try Warehouse(opening: old)
  let lock = try Warehouse.lock(old)
  let request = RunRequest(
    pipeline: "nightly", started: warehouse.now(), program: "test", policy: "standard@1",
    configuration: "a: 1\n")
  _ = try opened.run(request, holding: lock, now: warehouse.now) { transaction in
    let summary = try transaction.apply(documents)
    #expect(summary.entities[.contract]?.new == 2)
    return .publish
  }
  let stored = try opened.queue.read {
    try Row.fetchAll(
      $0,
      sql: """
        select r.amount, i.natural_id, p.natural_id, o.natural_id
        from refund_version r join identity i on i.identity = r.invoice join identity p on p.identity = r.payment
        join payment_version q on q.identity = r.payment
        join contract_version k on k.ramp_of is not null join identity o on o.identity = k.ramp_of
        """
    ).map { "\($0[0] as Int64) \($0[1] as String) \($0[2] as String) \($0[3] as String)" }
  }
  #expect(stored == ["5000000 I1 P1 K1"])
  #expect(try WarehouseReader(reading: old).integrityProblems().isEmpty)
}

@Test func aWarehouseOfAnEarlierSchemaKeepsItsMovementsInOrder() throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("schema-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  let path = folder.appendingPathComponent("warehouse.sqlite").path
  let first = try DatabaseQueue(path: path)
  try schemaMigrator().migrate(first, upTo: "2")
  try first.write { database in
    try database.execute(
      sql: """
        pragma foreign_keys = off;
        insert into identity_scope (scope, system, entity) values (1, 'billing', 'customer');
        insert into identity (identity, scope, natural_id) values (7, 1, 'C7');
        insert into movement values (24289, 7, 2, 50, 110, 160), (24289, 7, 5, 10, 100, 110), (24288, 7, 0, 100, 0, 100);
        """)
  }
  try first.close()
  let warehouse = try Warehouse(opening: path)
  let rows = try warehouse.queue.read {
    try Row.fetchAll(
      $0, sql: "select month, sequence, movement, amount from customer_movement order by month, sequence")
  }
  let expected = [
    ["2024-01", "1", "new", "100"], ["2024-02", "1", "fx", "10"], ["2024-02", "2", "expansion", "50"],
  ]
  let found = rows.map { row in
    [
      row["month"] as String, "\(row["sequence"] as Int)", row["movement"] as String,
      "\(row["amount"] as Int)",
    ]
  }
  #expect(found == expected)
  #expect(FileManager.default.fileExists(atPath: path + ".schema-2.backup"))
}

@Test func aQueryCannotWrite() throws {
  let warehouse = try TestWarehouse()
  let reader = try WarehouseReader(reading: warehouse.path)
  for sql in ["delete from run", "select 1; delete from run", "create table t (x)"] {
    #expect(throws: (any Error).self, "\(sql)") { try reader.query(sql, columns: { _ in }, row: { _ in }) }
  }
  var columns: [String] = []
  try reader.query(
    "select 1 as one, 'a' as two", columns: { columns = $0 },
    row: { #expect($0 == [.integer(1), .text("a")]) })
  #expect(columns == ["one", "two"])
}
