import Foundation
import SQLitePages
import Testing

/// What is written page by page is what sqlite3 would have kept.
@Suite struct BothWaysTests {
  @Test(arguments: 0..<150)
  func randomTablesReadAlikeWrittenAsPagesAndInserted(number: Int) throws {
    let seed = UInt64(20_260_000 + number)
    print("random tables, seed \(seed)")
    var random = Seeded(seed)
    let scratch = try Scratch()
    let pageSize = 512 << random.below(8)
    let tables = (0..<(1 + random.below(4))).map { RandomTable(name: "t\($0)", random: &random) }
    let isWAL = random.chance(30)
    for path in [scratch.path("inserted"), scratch.path("pages")] {
      let connection = try SQLiteConnection(path)
      try connection.execute(
        "pragma page_size = \(pageSize); pragma journal_mode = \(isWAL ? "wal" : "delete");")
      for table in tables { try connection.execute(table.sql) }
    }
    let inserted = try SQLiteConnection(scratch.path("inserted"))
    for table in tables {
      let most = random.chance(1) ? 5000 : random.chance(20) ? 600 : 60
      let rows = (0..<random.below(most)).map { _ in table.row(pageSize: pageSize, random: &random) }
      try inserted.execute(table.insert, rows)
    }
    try Self.write(tables, from: inserted, to: scratch.path("pages"), random: &random)

    let pages = try SQLiteConnection(scratch.path("pages"))
    try Self.compare(tables, inserted, pages, "seed \(seed) \(tables.map(\.sql))")
    for _ in 0..<2 {
      for table in tables { try Self.change(table, [inserted, pages], pageSize: pageSize, random: &random) }
      try Self.compare(tables, inserted, pages, "changed, seed \(seed) \(tables.map(\.sql))")
    }
  }

  /// Writes every tree of the reference's tables, all of them growing at once.
  static func write(
    _ tables: [RandomTable], from reference: SQLiteConnection, to path: String, random: inout Seeded
  ) throws {
    var roots: [String: UInt32] = [:]
    do {
      let connection = try SQLiteConnection(path)
      for table in tables {
        for name in [table.name] + table.indexes.map(\.name) { roots[name] = try connection.root(name) }
      }
    }
    let file = try PageFile(path: path)
    var writers: [(rows: [[Value]], next: Int, take: ([Value]) throws -> Void)] = []
    for table in tables {
      let root = try #require(roots[table.name])
      let rows = try reference.rows(table.scan)
      if table.hasRowid {
        let builder = try file.table(root: root)
        writers.append(
          (
            rows, 0,
            { row in
              guard case .integer(let rowid) = row[0] else { return }
              builder.append(row: table.integerKey ? [.null] + row.dropFirst(2) : Array(row.dropFirst()))
              try builder.end(rowid: rowid)
            }
          ))
      } else {
        let builder = try file.index(root: root, uniqueKeyColumns: table.key.count, nullsAreDistinct: false)
        writers.append(
          (
            rows, 0,
            { row in
              builder.append(row: row)
              try builder.end()
            }
          ))
      }
      for index in table.indexes {
        let builder = try file.index(
          root: #require(roots[index.name]), uniqueKeyColumns: index.uniqueColumns)
        writers.append(
          (
            try reference.rows(table.sorted(index)), 0,
            { row in
              builder.append(row: row)
              try builder.end()
            }
          ))
      }
    }
    while let open = writers.indices.filter({ writers[$0].next < writers[$0].rows.count }).randomElement(
      using: &random)
    {
      for _ in 0..<(1 + random.below(50)) where writers[open].next < writers[open].rows.count {
        try writers[open].take(writers[open].rows[writers[open].next])
        writers[open].next += 1
      }
    }
    try file.finish()
  }

  static func compare(
    _ tables: [RandomTable], _ inserted: SQLiteConnection, _ pages: SQLiteConnection, _ about: String
  ) throws {
    #expect(try pages.integrity() == "ok", "\(about)")
    for table in tables {
      for sql in [table.print] + table.indexes.map({ table.print($0) }) {
        #expect(try pages.rows(sql) == inserted.rows(sql), "\(sql), \(about)")
      }
    }
  }

  static func change(
    _ table: RandomTable, _ connections: [SQLiteConnection], pageSize: Int, random: inout Seeded
  ) throws {
    let rows = (0..<random.below(60)).map { _ in table.row(pageSize: pageSize, random: &random) }
    let key = table.hasRowid ? "rowid" : table.key[0]
    let number = random.below(table.columns.count)
    let column = table.columns[number]
    let other = table.row(pageSize: pageSize, random: &random)
    let pivot = [[other[0]]]
    let value = [[other[other.count - table.columns.count + number]]]
    let share = 2 + random.below(5)
    for connection in connections {
      try connection.execute(table.insert, rows)
      try connection.execute(
        "delete from \(table.name) where \(key) < ? and length(\(column)) % \(share) = 0", pivot)
      try connection.execute(
        "update or ignore \(table.name) set \(column) = ? where length(\(column)) % \(share) = 1", value)
    }
  }
}
