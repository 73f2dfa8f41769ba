import Foundation
import GRDB
import Model
import Testing

@testable import Warehouse

private func cursor(_ warehouse: TestWarehouse) throws -> StreamCursor? {
  var cursor: StreamCursor?
  try warehouse.run { transaction in
    cursor = try transaction.streamCursor(of: "stripe")
    return .discard
  }
  return cursor
}

private let first = subscriptions(["s1": [charge("i1")]], at: "2024-02-01")
private let second = subscriptions(["s1": [charge("i1")]], at: "2024-03-01")

@Test func aPublishedReadsCursorIsKeptAsItWas() throws {
  let warehouse = try TestWarehouse()
  #expect(try cursor(warehouse) == nil)
  try warehouse.apply(first)
  #expect(try cursor(warehouse) == first.stream?.cursor)
  try warehouse.apply(second)
  #expect(try cursor(warehouse) == second.stream?.cursor)
  var timeless = second
  timeless.stream?.cursor.reached = nil
  try warehouse.apply(timeless)
  #expect(try cursor(warehouse) == timeless.stream?.cursor)
}

@Test func theKeysOfRecordsWithoutATimeAreKeptWithTheCursor() throws {
  let warehouse = try TestWarehouse()
  var read = first
  for keys in [["a", "b"], ["b", "c\td"], [], ["é"]] {
    read.stream?.cursor.withoutTime = keys
    try warehouse.apply(read)
    #expect(try cursor(warehouse)?.withoutTime == keys)
  }
  read.stream?.cursor.withoutTime = ["x"]
  try warehouse.run { transaction in
    _ = try transaction.apply(read)
    return .hold([Hold(source: "stripe", reason: "rows fell")])
  }
  #expect(try cursor(warehouse)?.withoutTime == ["é"])
  read.stream = nil
  try warehouse.apply(read)
  #expect(try warehouse.rows("select * from timeless_record").isEmpty)
}

@Test(arguments: [
  RunVerdict.hold([Hold(source: "stripe", reason: "rows fell")]), .fail(reason: "no rate"), .discard,
])
func theCursorOfARunThatDoesNotPublishIsNotKept(verdict: RunVerdict) throws {
  for published in [[], [first]] {
    let warehouse = try TestWarehouse()
    for read in published { try warehouse.apply(read) }
    try warehouse.run { transaction in
      _ = try transaction.apply(second)
      #expect(try transaction.streamCursor(of: "stripe") == second.stream?.cursor)
      return verdict
    }
    #expect(try cursor(warehouse) == published.first?.stream?.cursor)
    #expect(try WarehouseReader(reading: warehouse.path).streamReads() == published.compactMap(\.stream))
    let logged = try warehouse.rows("select extent, records from stream_read order by run").count
    if case .discard = verdict {
      #expect(logged == published.count)
    } else {
      #expect(logged == published.count + 1, "what was read stays in the run's log, like its files")
    }
  }
}

@Test func everythingThatAReadSaysOfItselfIsInTheLog() throws {
  let warehouse = try TestWarehouse()
  var read = subscriptions(
    ["s1": []], at: "2024-02-01", stream: streamRead(.whole, at: "2024-02-01", proof: .counted, counted: 2))
  read.stream?.withoutTime = 1
  read.stream?.deleted = 4
  try warehouse.apply(read)
  #expect(try WarehouseReader(reading: warehouse.path).streamReads() == [try #require(read.stream)])
  #expect(
    try warehouse.rows("select * from stream_read") == [
      [
        "1", "stripe", "stripe", "subscriptions", "whole", "first read", "null", "1", "3", "2", "4", "1", "2",
        "counted", "abc", "2024-02-01", "2024-02-01T01:00:00Z", "2024-01-01T00:00:00Z",
      ]
    ])
}

@Test func aSourceThatIsReadFromFilesAgainHasNoCursor() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(first)
  var files = second
  files.stream = nil
  try warehouse.apply(files)
  #expect(try cursor(warehouse) == nil)
  #expect(try WarehouseReader(reading: warehouse.path).streamReads().isEmpty)
}

@Test func aReadWithRowsThatCouldBeOfAnyRecordIsAskedForAgain() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(first)
  let summary = try warehouse.apply(
    subscriptions(
      ["s1": [charge("i1")]], at: "2024-03-01",
      quarantined: [quarantinedCharge(nil, file: "stripe_2024-03-01.ndjson", entity: nil)]))
  #expect(summary[0].findings.map(\.name) == ["cursor-kept-back"])
  #expect(try cursor(warehouse) == first.stream?.cursor)
}

@Test func aReadAsOfAnEarlierMomentIsAskedForAgain() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(second)
  let earlier = subscriptions(["s1": [charge("i1", amount: 7)]], at: "2024-02-01")
  #expect(try warehouse.apply(earlier)[0].findings.map(\.name) == ["cursor-kept-back"])
  #expect(try cursor(warehouse) == second.stream?.cursor)
  // Periods are of no moment: the last read of them counts.
  let periods = try TestWarehouse()
  for at in ["2024-03-01", "2024-02-01"] {
    try periods.apply(subscriptions(["s1": [charge("i1")]], at: at, rows: .periods))
  }
  #expect(try cursor(periods)?.reached == day("2024-02-01"))
}

@Test func whatRecordsMeanIsAnotherOneWithAnotherMappingOnly() throws {
  func isTheSame(_ change: (inout SourceConfiguration) -> Void) throws -> Bool {
    let warehouse = try TestWarehouse()
    var read = first
    for index in read.source.entities.indices {
      read.source.entities[index].fields = Dictionary(
        uniqueKeysWithValues: ["a", "b", "c", "d"].map {
          ($0, FieldMapping(.column($0), map: ["x": "y", "z": "t"]))
        })
    }
    try warehouse.apply(read)
    var source = read.source
    change(&source)
    var answer = false
    try warehouse.run { transaction in
      answer = try transaction.meansTheSame(source)
      return .discard
    }
    return answer
  }
  #expect(try isTheSame { _ in })
  #expect(try isTheSame { $0.maximumRowFall = 1 })
  #expect(try isTheSame { $0.entities[0].fields["a"]?.place = Place(file: "x", line: 9) })
  #expect(try !isTheSame { $0.entities[0].fields["a"]?.map?["x"] = "w" })
  #expect(try !isTheSame { $0.entities[1].fields["d"] = nil })
  #expect(try !isTheSame { $0.entities[1].rows = .periods })
  #expect(try !isTheSame { $0.system = "other" })
}

@Test func aWarehouseOfTheReleasedSchemaLearnsToKeepCursors() throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("schema-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  let path = folder.appendingPathComponent("warehouse.sqlite").path
  let released = try DatabaseQueue(path: path)
  try schemaMigrator().migrate(released, upTo: "8")
  try released.write {
    try $0.execute(
      sql: """
        insert into identity_scope (scope, system, entity) values (1, 'other', 'customer');
        insert into identity (identity, scope, natural_id, customer_id) values (1, 1, 'C1', 1);
        """)
  }
  try released.close()
  let warehouse = try Warehouse(opening: path)
  let clock = try TestWarehouse()
  let lock = try Warehouse.lock(path)
  let request = RunRequest(
    pipeline: "nightly", started: clock.now(), program: "test", policy: "standard@1", configuration: "a: 1\n")
  _ = try warehouse.run(request, holding: lock, now: clock.now) { transaction in
    #expect(try transaction.streamCursor(of: "stripe") == nil)
    _ = try transaction.apply(first)
    return .publish
  }
  let reader = try WarehouseReader(reading: path)
  #expect(try reader.streamReads() == [try #require(first.stream)])
  #expect(try reader.integrityProblems().isEmpty)
  #expect(try reader.schemaText().contains("stream_cursor"))
  #expect(FileManager.default.fileExists(atPath: path + ".schema-8.backup"))
}
