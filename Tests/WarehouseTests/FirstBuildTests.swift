import Foundation
import GRDB
import Model
import Testing

@testable import Warehouse

/// Rows of every entity with values no export should have: empty, huge, with NUL, in any order, repeated.
struct HostileRows {
  var generator: Seeded

  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int(generator.next() % UInt64(values.count))]
  }

  mutating func text(_ stem: String) -> String {
    switch generator.next() % 12 {
    case 0: ""
    case 1: stem + "\0x"
    case 2: String(repeating: stem, count: 20_000)
    case 3: "=" + stem + "\n\"'"
    case 4: stem + "é漢字🙂"
    default: stem + String(generator.next() % 40)
    }
  }

  mutating func integer() -> String {
    String(pick([0, 1, -1, 127, 128, -129, 32_767, 8_388_608, 1 << 31, 1 << 47, .max, .min + 1]))
  }

  mutating func row(_ entity: EntityKind, _ number: Int) -> TestRow {
    var cells: [String: String] = [:]
    for column in entity.columns where column.required || generator.next() % 3 > 0 {
      switch column.kind {
      case .text where column.name == "id":
        cells["id"] = text("k") + (generator.next() % 3 == 0 ? "" : String(number))
      case .text where isCurrencyCode(column, in: entity): cells[column.name] = pick(["USD", "EUR", "JPY"])
      case .text where column.name == "attributes": cells[column.name] = #"{"a":"b"}"#
      case .text: cells[column.name] = text("k")
      case .moment:
        cells[column.name] = pick(["2024-02-29", "1999-12-31T23:59:59Z", "2024-03-01", "2030-01-01"])
      case .integer, .money, .millionths: cells[column.name] = integer()
      case .flag: cells[column.name] = pick(["0", "1"])
      case .choice(let names): cells[column.name] = pick(names)
      }
    }
    return TestRow(cells)
  }

  /// A read of all entities of one system, as periods or as snapshots.
  mutating func read(_ name: String, _ entities: [EntityKind], _ rows: SourceConfiguration.Rows) -> SourceRead
  {
    let dates = rows == .periods ? ["2024-06-30"] : ["2024-04-30", "2024-05-31", "2024-06-30"]
    var files: [(name: String, snapshot: String?, parts: [(EntityKind, [TestRow])])] = []
    for date in dates {
      var parts: [(EntityKind, [TestRow])] = []
      for entity in entities {
        let count = Int(generator.next() % pick([1, 8, 300]))
        parts.append((entity, (0..<count).map { row(entity, $0) }))
      }
      files.append(("\(name)_\(date).csv", date, parts))
    }
    return WarehouseTests.read(name, system: "one", rows: rows, files: files, entities: entities)
  }
}

@Test(arguments: 1...24)
func aFirstRunInPagesWritesWhatStatementsWrite(seed: Int) throws {
  print("seed \(seed)")
  var rows = HostileRows(generator: Seeded(state: UInt64(seed)))
  let nights: [[SourceRead]] = (0..<2).map { _ in
    [
      rows.read("crm", [.customer, .opportunity], .currentState),
      rows.read("billing", [.plan, .recurringCharge, .invoiceLine], rows.pick([.periods, .currentState])),
      rows.read("second", [.customer, .subscription, .recurringCharge, .fxRate, .expense], .periods),
    ]
  }
  let reference = try TestWarehouse(buildsFirst: false)
  let pages = try TestWarehouse()
  for (night, reads) in nights.enumerated() {
    let expected = try reference.apply(reads)
    let found = try pages.apply(reads)
    #expect(found.map(\.entities) == expected.map(\.entities), "night \(night)")
    let (left, right) = (try reference.contents(), try pages.contents())
    #expect(Set(left.keys) == Set(right.keys))
    for (table, content) in left where content != right[table] {
      Issue.record("night \(night): \(table) differs: \(content.count) rows, \(right[table]?.count ?? 0)")
    }
    #expect(try pages.rows("pragma integrity_check") == [["ok"]])
    #expect(try pages.rows("pragma foreign_key_check") == [])
  }
  #expect(
    try reference.book("crm", "billing", "second").charges.count
      == pages.book("crm", "billing", "second").charges.count)
}

@Test func whatIsHeldOrFailsOnTheFirstNightLeavesOnlyItsLog() throws {
  let warehouse = try TestWarehouse()
  struct Fault: Error {}
  #expect(throws: Fault.self) {
    try warehouse.run { transaction in
      _ = try transaction.apply(charges([charge("a")]))
      throw Fault()
    }
  }
  try warehouse.run { transaction in
    _ = try transaction.apply(charges([charge("a")]))
    return .hold([Hold(source: "billing", reason: "fell")])
  }
  #expect(try warehouse.rows("select status from run order by run") == [["failed"], ["held"]])
  #expect(try warehouse.rows("select count(*) from identity") == [["0"]])
  let files = try FileManager.default.contentsOfDirectory(
    at: warehouse.folder.appendingPathComponent("output"), includingPropertiesForKeys: nil)
  #expect(!files.contains { $0.lastPathComponent.contains("building") })
  try warehouse.apply(charges([charge("a")]))
  #expect(try warehouse.rows("select status from run order by run") == [["failed"], ["held"], ["published"]])
}

@Test func aFirstRunGoesThroughTheFileWhileSomebodyReadsIt() throws {
  let warehouse = try TestWarehouse()
  try warehouse.run { _ in .fail(reason: "to have a log") }
  let reader = try WarehouseReader(reading: warehouse.path)
  try reader.query(
    "select 1", columns: { _ in },
    row: { _ in
      try warehouse.apply(charges([charge("a")]))
    })
  #expect(try warehouse.rows("select count(*) from recurring_charge_version") == [["1"]])
}

@Test func aLinkToTheWarehouseStaysALink() throws {
  let warehouse = try TestWarehouse()
  let (link, target) = (warehouse.folder.path + "/link.sqlite", warehouse.folder.path + "/disk/target.sqlite")
  try FileManager.default.createDirectory(
    atPath: warehouse.folder.path + "/disk", withIntermediateDirectories: true)
  try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
  let opened = try Warehouse(opening: link)
  let request = RunRequest(
    pipeline: "nightly", started: warehouse.now(), program: "test", policy: "standard@1",
    configuration: "a: 1\n")
  let record = try opened.run(request, holding: Warehouse.lock(link), now: warehouse.now) { transaction in
    _ = try transaction.apply(charges([charge("a")]))
    return .publish
  }
  #expect(record.status == .published)
  #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
  let reader = try WarehouseReader(reading: target)
  var rows = 0
  try reader.query("select 1 from recurring_charge_version", columns: { _ in }, row: { _ in rows += 1 })
  #expect(rows == 1)
}
