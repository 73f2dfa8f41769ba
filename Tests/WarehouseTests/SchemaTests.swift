import GRDB
import Model
import Testing

@testable import Warehouse

private let promised: [(view: String, columns: String)] = [
  (
    "metric_period",
    """
    grain period period_end metric dimension segment currency valuation value numerator denominator unit basis grade state \
    value_as_closed reason
    """
  ),
  (
    "mrr_bridge",
    """
    grain period dimension segment currency valuation starting restatement transfer_in transfer_out new reactivation expansion \
    contraction churn fx ending customers_starting customers_transfer_in customers_transfer_out customers_new \
    customers_reactivated customers_churned customers_ending state
    """
  ),
  ("customer_movement", "month customer_id currency movement amount mrr_before mrr_after sequence"),
  ("customer_mrr", "month customer_id currency mrr"),
  (
    "cohort_period",
    "cohort_grain cohort age dimension segment currency customers mrr_net mrr_gross customers_at_start mrr_at_start"
  ),
  ("budget", "month metric dimension segment currency unit planned actual"),
  ("adjustment", "month metric customer_id amount currency native_amount native_currency author reason"),
  ("forecast", "made month currency low expected high"),
  ("churn_reason", "month reason currency customers mrr"),
]

@Test(arguments: promised)
func aPublicViewHasThePromisedColumns(view: String, columns: String) throws {
  let warehouse = try TestWarehouse()
  let found = try warehouse.rows("select name from pragma_table_info('\(view)')").map { $0[0] }
  #expect(found.joined(separator: " ") == columns)
}

@Test func everyPublicNameCanBeRead() throws {
  let warehouse = try TestWarehouse()
  for name in [
    "customer", "customer_identity", "customer_segment", "charge", "rate_used", "metric", "run", "stage_run",
    "source_file",
    "finding", "quarantined_row", "closed_figure", "restatement", "kept_from_quarantine",
  ] {
    #expect(throws: Never.self, "\(name)") { _ = try warehouse.rows("select * from \(name)") }
  }
  #expect(try WarehouseReader(reading: warehouse.path).integrityProblems().isEmpty)
  #expect(try WarehouseReader(reading: warehouse.path).schemaText().contains("metric_period as"))
}

@Test func everyTableIsStrictAndForeignKeysAreOn() throws {
  let warehouse = try TestWarehouse()
  let loose = try warehouse.rows(
    "select name from pragma_table_list where type = 'table' and not strict and name not like 'sqlite_%'")
  #expect(loose == [["grdb_migrations"]])
  #expect(try warehouse.rows("pragma foreign_keys") == [["1"]])
  #expect(try warehouse.rows("pragma journal_mode") == [["wal"]])
  #expect(try warehouse.rows("pragma application_id") == [[String(applicationID)]])
  #expect(try warehouse.rows("pragma user_version") == [[String(schemaVersion)]])
}

@Test(arguments: EntityKind.allCases)
func everyColumnOfAnEntityHasAPlaceInItsVersions(entity: EntityKind) throws {
  let warehouse = try TestWarehouse()
  let found = Set(
    try warehouse.rows("select name from pragma_table_info('\(versionTableName(entity))')").map { $0[0] })
  #expect(Set(entity.columns.dropFirst().map(\.name)).isSubset(of: found))
}

@Test func whatAWarehouseMustNotHoldIsRefusedByItsSchema() throws {
  let warehouse = try TestWarehouse()
  for sql in [
    "insert into bridge values (1, 1, 'USD', 0, 1, 0,0,0,0,0,0,0,0,0, 2, null,null,null,null,null,null,null, 0)",
    "insert into source_entity values (7, 'customer', 'periods')",
    "insert into run (pipeline, status, started, program, policy, configuration) values ('a', 'odd', 'x', 'x', 'x', 1)",
  ] {
    #expect(throws: DatabaseError.self, "\(sql)") {
      try warehouse.warehouse.queue.write { try $0.execute(sql: sql) }
    }
  }
}

@Test(arguments: ["2024-02-29", "1969-12-31", "2024-02-29T23:30:05Z", "1969-12-31T23:59:59Z"])
func aMomentIsWrittenAndReadAsItIsDescribed(text: String) throws {
  let moment = day(text)
  var buffer = [UInt8](repeating: 0, count: MomentText.capacity)
  let count = buffer.withUnsafeMutableBufferPointer { MomentText.write(moment, to: $0.baseAddress!) }
  #expect(String(decoding: buffer[..<count], as: UTF8.self) == text)
  #expect(buffer[..<count].withUnsafeBufferPointer { MomentText.read($0) } == moment)
}

@Test func attributesAreReadAsTheyWereWritten() {
  let attributes = ["industry": "R&D \"x\" \\ y", "": "", "größe": "a\nb\u{1}", "emoji": "🚀"]
  #expect(readAttributes(writeAttributes(attributes)) == attributes)
  #expect(readAttributes(#"{ "a" : "\u00e9\uD83D\uDE80" }"#) == ["a": "é🚀"])
  #expect(readAttributes("[]").isEmpty)
}

/// Days that share a place, eleven years apart, days before 1970 among them, and instants of the same days.
@Test func textsOfDaysAndInstantsAreThoseOfTheirMomentsHoweverOftenTheyTakeTurns() {
  let days = DayTexts()
  let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: MomentText.capacity)
  defer {
    days.deallocate()
    scratch.deallocate()
  }
  func check(_ moment: Moment) {
    #expect(String(decoding: days.text(of: moment, scratch), as: UTF8.self) == moment.description)
  }
  for _ in 0..<2 {
    for number in stride(from: Int32(-30_000), through: 40_000, by: 1_024) {
      check(Moment(day: Day(number: number)))
      check(Moment(instant: Int64(number) * 86_400))
      check(Moment(instant: Int64(number) * 86_400 - 1))
      check(Moment(instant: Int64(number) * 86_400 + 45_296))
    }
  }
}
