import Foundation
import GRDB
import Model
import Testing

@testable import SQLitePages
@testable import Warehouse

@Test func aReaderWaitsForAFileThatIsHeldAndThenSaysSo() throws {
  let warehouse = try TestWarehouse()
  try warehouse.run { _ in .publish }
  #expect(try warehouse.warehouse.disconnect())
  let reader = try WarehouseReader(reading: warehouse.path, patience: 1)
  let holder = try DatabaseQueue(path: warehouse.path)
  try holder.writeWithoutTransaction { database in
    try database.execute(sql: "begin exclusive")
    let begun = ContinuousClock.now
    #expect(throws: WarehouseError.heldByAnotherProgram(path: warehouse.path)) { try reader.publishedRun() }
    #expect(throws: WarehouseError.heldByAnotherProgram(path: warehouse.path)) {
      try WarehouseReader(reading: warehouse.path, patience: 1)
    }
    #expect((.seconds(1) ..< .seconds(20)).contains(ContinuousClock.now - begun))
    try database.execute(sql: "rollback")
  }
  #expect(try reader.publishedRun() != nil)
}

@Test func aFullDiskIsToldAsThatAndChangesNothing() throws {
  let warehouse = try TestWarehouse(buildsFirst: false)
  try warehouse.run { _ in .publish }
  let before = try WarehouseReader(reading: warehouse.path).publishedRun()
  let queue = try warehouse.warehouse.queue
  try queue.writeWithoutTransaction { database in
    let pages = try Int.fetchOne(database, sql: "pragma page_count") ?? 0
    try database.execute(sql: "pragma max_page_count = \(pages + 2)")
  }
  #expect(throws: WarehouseError.noRoom(path: warehouse.path)) {
    try warehouse.run { transaction in
      try transaction.database.execute(
        sql: "insert into configuration (digest, content) values (1, ?)",
        arguments: [String(repeating: "x", count: 1_000_000)])
      return .publish
    }
  }
  #expect(try WarehouseReader(reading: warehouse.path).publishedRun() == before)
}

@Test(arguments: [
  (ResultCode.SQLITE_BUSY, "held"), (.SQLITE_LOCKED, "held"), (.SQLITE_FULL, "no room"),
  (.SQLITE_READONLY, "not allowed"), (.SQLITE_READONLY_DIRECTORY, "not allowed"),
  (.SQLITE_PERM, "not allowed"),
  (.SQLITE_CANTOPEN, "not allowed"), (.SQLITE_IOERR_WRITE, "system"), (.SQLITE_IOERR, "system"),
  (.SQLITE_CORRUPT, "damaged"), (.SQLITE_CORRUPT_INDEX, "damaged"), (.SQLITE_NOTADB, "damaged"),
  (.SQLITE_ERROR, "other"), (.SQLITE_CONSTRAINT, "other"),
])
func onlyACorruptFileIsADamagedOne(code: ResultCode, kind: String) {
  let told =
    switch WarehouseError(DatabaseError(resultCode: code), of: "w") {
    case .heldByAnotherProgram: "held"
    case .noRoom: "no room"
    case .notAllowed: "not allowed"
    case .system: "system"
    case .damaged: "damaged"
    default: "other"
    }
  #expect(told == kind)
}

@Test func pagesThatCannotBeWrittenAreTheSystemsFault() {
  let fault = PageFileError.system(path: "w.building", operation: "write", reason: "No space left on device")
  #expect(
    WarehouseError(fault, of: "w")
      == .system(path: "w.building", action: "write", reason: "No space left on device"))
}

@Test func everyPageIsLookedAtOnDemand() throws {
  let warehouse = try TestWarehouse()
  try warehouse.run { _ in .publish }
  try warehouse.warehouse.checkPages()
  let root = try WarehouseReader(reading: warehouse.path).read {
    try Int.fetchOne($0, sql: "select rootpage from sqlite_master where name = 'quarantined_row'") ?? 0
  }
  _ = try warehouse.warehouse.disconnect()
  let file = try FileHandle(forUpdating: URL(fileURLWithPath: warehouse.path))
  try file.seek(toOffset: UInt64(4096 * (root - 1)))
  try file.write(contentsOf: Data(repeating: 0xA7, count: 15))
  try file.close()
  let fault = #expect(throws: WarehouseError.self) { try warehouse.warehouse.checkPages() }
  guard case .damaged = fault else {
    Issue.record("\(String(describing: fault))")
    return
  }
}
