import Foundation
import GRDB
import Model
import Testing

@testable import Warehouse

/// A warehouse in a folder of its own, with a clock that counts.
final class TestWarehouse {
  let folder: URL
  let path: String
  private(set) var warehouse: Warehouse
  private var seconds: Int64 = 1_700_000_000

  init(buildsFirst: Bool = true) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("warehouse-\(UUID().uuidString)")
    path = folder.appendingPathComponent("output/warehouse.sqlite").path
    warehouse = try Warehouse(opening: path, buildsFirst: buildsFirst)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func now() -> Moment {
    seconds += 1
    return Moment(instant: seconds)
  }

  @discardableResult
  func run(_ body: (RunTransaction) throws -> RunVerdict) throws -> RunRecord {
    let lock = try Warehouse.lock(path)
    let request = RunRequest(
      pipeline: "nightly", started: now(), program: "test", policy: "standard@1", configuration: "a: 1\n")
    return try warehouse.run(request, holding: lock, now: now, body)
  }

  /// Applies reads in one published run.
  @discardableResult
  func apply(_ reads: SourceRead...) throws -> [ChangeSummary] { try apply(reads) }

  @discardableResult
  func apply(_ reads: [SourceRead]) throws -> [ChangeSummary] {
    var summaries: [ChangeSummary] = []
    try run { transaction in
      for read in reads { summaries.append(try transaction.apply(read)) }
      return .publish
    }
    return summaries
  }

  /// The book as known now, of the sources named.
  func book(_ sources: String...) throws -> Book { try bookAndFindings(sources).book }

  func bookAndFindings(
    _ sources: [String], attributeSources: [String] = [], billing: Set<EntityKind> = []
  ) throws -> (book: Book, findings: [Finding]) {
    var result = (book: Book(), findings: [Finding]())
    try run { transaction in
      result = try transaction.book(
        BookRequest(sources: sources, attributeSources: attributeSources, billing: billing))
      return .discard
    }
    return result
  }

  func rows(_ sql: String) throws -> [[String]] {
    try warehouse.queue.read { database in
      try Row.fetchAll(database, sql: sql).map { row in
        row.databaseValues.map { value in
          switch value.storage {
          case .null: "null"
          case .int64(let number): String(number)
          case .double(let number): String(number)
          case .string(let text): text
          case .blob(let data): "\(data.count) bytes"
          }
        }
      }
    }
  }

  /// Every table but the run log, whole.
  func contents() throws -> [String: [[String]]] {
    let log: Set = [
      "run", "stage_run", "source_file", "source_read", "finding", "quarantined_row", "hold", "acceptance",
      "configuration", "stream_read", "sqlite_sequence", "grdb_migrations", "publication_digest",
    ]
    let tables = try rows("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
      .map { $0[0] }
    var contents: [String: [[String]]] = [:]
    for table in tables where !log.contains(table) { contents[table] = try rows("select * from \(table)") }
    return contents
  }
}

func day(_ text: String) -> Moment { Moment(iso: text)! }

/// Rows of one entity as a test writes them: columns by name, moments and choices as text.
struct TestRow {
  var cells: [String: String]
  init(_ cells: [String: String]) { self.cells = cells }
}

func charge(
  _ id: String, _ customer: String? = "C1", from start: String? = "2024-01-01", to end: String? = nil,
  amount: Int64? = 100_000_000, with more: [String: String] = [:]
) -> TestRow {
  var cells = ["id": id, "interval_unit": "month", "currency": "USD"]
  cells["customer"] = customer
  cells["start"] = start
  cells["end"] = end
  cells["amount"] = amount.map(String.init)
  return TestRow(cells.merging(more) { $1 }.filter { $0.value != "-" })
}

func batch(_ entity: EntityKind, _ rows: [TestRow]) -> EntityBatch {
  var batch = EntityBatch(kind: entity)
  for (line, row) in rows.enumerated() {
    for column in entity.columns {
      guard let text = row.cells[column.name] else {
        batch.cells.append(EntityColumn.null)
        continue
      }
      switch column.kind {
      case .text: batch.cells.append(batch.appendText(text))
      case .moment: batch.cells.append(day(text).packed)
      case .integer, .money, .millionths, .flag: batch.cells.append(Int64(text)!)
      case .choice(let names): batch.cells.append(Int64(names.firstIndex(of: text)!))
      }
    }
    batch.lines.append(Int32(line + 2))
  }
  return batch
}

/// A read of one source: `entities` in as many files as given, each with its snapshot.
func read(
  _ source: String = "billing", system: String? = nil, extent: SourceConfiguration.Extent = .full,
  through: String = "2024-12-31", rows: SourceConfiguration.Rows = .periods,
  files: [(name: String, snapshot: String?, parts: [(EntityKind, [TestRow])])], entities: [EntityKind]? = nil,
  quarantined: [QuarantinedRow] = []
) -> SourceRead {
  let place = Place(file: "Config/sources/\(source).yml")
  let kinds = entities ?? files.flatMap { $0.parts.map(\.0) }
  var mappings: [SourceConfiguration.EntityMapping] = []
  for kind in kinds where !mappings.contains(where: { $0.entity == kind }) {
    mappings.append(.init(entity: kind, rows: rows, fields: [:], place: place))
  }
  let configuration = SourceConfiguration(
    name: source, system: system ?? source, files: ["*.csv"], extent: extent, entities: mappings, place: place
  )
  var read = SourceRead(source: configuration, dataThrough: day(through))
  for (index, file) in files.enumerated() {
    read.files.append(
      SourceFile(path: file.name, digest: "\(file)", snapshot: file.snapshot.map(day)))
    for (kind, rows) in file.parts {
      read.parts.append(.init(file: index, batch: batch(kind, rows)))
      read.records += rows.count
    }
  }
  read.quarantined = quarantined
  read.records += quarantined.count
  return read
}

/// A read of one file of period charges.
func charges(
  _ rows: [TestRow], source: String = "billing", extent: SourceConfiguration.Extent = .full,
  quarantined: [QuarantinedRow] = []
) -> SourceRead {
  read(
    source, extent: extent, files: [("\(source).csv", nil, [(.recurringCharge, rows)])],
    quarantined: quarantined)
}

/// A read of current-state charges of one snapshot.
func snapshot(
  _ at: String, _ rows: [TestRow], source: String = "stripe", extent: SourceConfiguration.Extent = .full,
  quarantined: [QuarantinedRow] = []
) -> SourceRead {
  read(
    source, extent: extent, through: at, rows: .currentState,
    files: [("\(source)_\(at).csv", at, [(.recurringCharge, rows)])], quarantined: quarantined)
}

func quarantinedCharge(_ key: String?, file: String = "billing.csv", entity: EntityKind? = .recurringCharge)
  -> QuarantinedRow
{
  QuarantinedRow(
    place: Place(file: file, line: 3, column: 1), name: "bad-date", reason: "no date", raw: "x",
    entity: entity, key: key)
}

/// `id start..end amount` of each charge, sorted.
func told(_ book: Book, _ warehouse: TestWarehouse) throws -> [String] {
  let ids = Dictionary(
    uniqueKeysWithValues: try warehouse.rows(
      "select v.\"row\", i.natural_id from recurring_charge_version v join identity i on i.identity = v.identity"
    ).map { (Int64($0[0])!, $0[1]) })
  return book.charges.map { charge in
    let proven = charge.provenFrom.map { " proven from \($0)" } ?? ""
    return
      "\(ids[charge.row] ?? "?") \(charge.start)..\(charge.end?.description ?? "") \(charge.amount / 1_000_000)\(proven)"
  }.sorted()
}
