import Foundation
import Testing

@testable import SQLitePages

/// Pages that go to the disk without a copy in the system's cache.
@Suite struct DirectTests {
  /// Several blocks, the last one not full, beginning at any page; with records that take pages of their own.
  @Test(arguments: [2, 1001, 20_000])
  func pagesThatPassTheCacheMakeTheSameFile(rows: Int64) throws {
    let scratch = try Scratch()
    let files = try [true, false].map { passesCache in
      let path = scratch.path("passing \(passesCache)")
      try SQLiteConnection(path).execute(
        "create table t (id integer primary key, b text); create table u (b text)")
      let pages = try PageFile(path: path, passesCache: passesCache)
      for root in [2, 3] as [UInt32] {
        let table = try pages.table(root: root)
        for row in 0..<rows {
          table.begin()
          table.appendNull()
          table.append(text: String(repeating: "row \(row) ", count: row % 100 == 99 ? 900 : 20))
          try table.end(rowid: row)
        }
      }
      try pages.finish()
      let connection = try SQLiteConnection(path)
      #expect(try connection.integrity() == "ok")
      #expect(try connection.rows("select count(*) from t") == [[.integer(rows)]])
      return try Data(contentsOf: URL(fileURLWithPath: path))
    }
    #expect(files[0] == files[1])
  }

  /// SQLite's own reads and writes go through the cache: either way sees what the other wrote.
  @Test func whatPassesTheCacheIsSeenThroughItAtOnce() throws {
    let scratch = try Scratch()
    let path = scratch.path("file")
    try SQLiteConnection(path).execute(
      "create table t (id integer primary key, b text); create table u (id integer primary key, b text)")
    for (round, root) in [2, 3].enumerated() {
      let pages = try PageFile(path: path)
      let table = try pages.table(root: UInt32(root))
      for row in 0..<20_000 as Range<Int64> {
        table.begin()
        table.appendNull()
        table.append(text: String(repeating: "row \(row) ", count: 20))
        try table.end(rowid: row)
      }
      try pages.finish()
      let connection = try SQLiteConnection(path)
      #expect(try connection.integrity() == "ok")
      try connection.execute("update t set b = 'changed in round \(round)' where id % 7 = \(round)")
    }
    let connection = try SQLiteConnection(path)
    #expect(try connection.integrity() == "ok")
    #expect(
      try connection.rows("select count(*) from t where b like 'changed%'") == [[.integer(2858 + 2857)]])
  }
}
