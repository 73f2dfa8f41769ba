import Foundation
import SQLitePages
import Testing

/// Files larger than a few pages.
@Suite struct LargeTests {
  @Test func twoHundredThousandRowsReadAlikeWrittenAsPagesAndInserted() throws {
    let scratch = try Scratch()
    let schema = """
      create table t (id integer primary key, code text not null, amount integer not null, share real) strict;
      create unique index by_code on t (code); create index by_share on t (share, amount);
      create table k (code text not null, day integer not null, amount integer, primary key (code, day)) strict, without rowid;
      """
    let (inserted, written) = (scratch.path("inserted"), scratch.path("written"))
    for path in [inserted, written] { try SQLiteConnection(path).execute(schema) }
    let reference = try SQLiteConnection(inserted)
    try reference.execute(
      """
      with recursive n(n) as (select 0 union all select n + 1 from n where n < 199999)
      insert into t select n * 3 - 1000, 'code ' || (n * 7919 % 200003), n * 104729 % 1000003, nullif(n % 977 / 7.0, 0) from n;
      insert into k select code, id, amount from t;
      """)
    let pages = try PageFile(path: written)
    let (t, byCode, byShare, k) = try (
      pages.table(root: 2), pages.index(root: 3, uniqueKeyColumns: 1), pages.index(root: 4),
      pages.index(root: 5, uniqueKeyColumns: 2, nullsAreDistinct: false)
    )
    for row in try reference.rows("select null, code, amount, share, id from t order by id") {
      t.append(row: Array(row.dropLast()))
      guard case .integer(let rowid) = row[4] else { continue }
      try t.end(rowid: rowid)
    }
    for (sql, index) in [
      ("select code, id from t order by code", byCode),
      ("select share, amount, id from t order by share, amount, id", byShare),
      ("select code, day, amount from k order by code, day", k),
    ] {
      for row in try reference.rows(sql) {
        index.append(row: row)
        try index.end()
      }
    }
    try pages.finish()
    let connection = try SQLiteConnection(written)
    #expect(try connection.integrity() == "ok")
    try connection.execute("attach '\(inserted)' as r")
    for sql in [
      "select count(*) from (select * from t except select * from r.t)",
      "select count(*) from (select * from k except select * from r.k)",
      "select count(*) from t indexed by by_code join r.t o using (code) where t.id <> o.id",
      "select count(*) - 200000 from t indexed by by_share where share > -1 or share is null",
      "select count(*) - 200000 from t", "select count(*) - 200000 from k",
    ] { #expect(try connection.rows(sql) == [[.integer(0)]], "\(sql)") }
  }

  /// SQLite's locks lie at 1 GiB; the page there is left out. What comes before it is mostly holes.
  @Test func thePageOfTheLocksIsLeftOut() throws {
    let scratch = try Scratch()
    let path = scratch.path("large")
    let size = 65536
    try SQLiteConnection(path).execute(
      """
      pragma page_size = 65536; create table ballast (b blob) strict;
      create table t (a integer) strict; create table u (a blob) strict; create index i on t (a);
      """)
    try Ballast.write(to: path, pageSize: size, root: 2, pagesBefore: 5, pages: 16_370)
    let file = try PageFile(path: path)
    let (table, large, index) = try (file.table(root: 3), file.table(root: 4), file.index(root: 5))
    // Chains that reach the locks' page and pass it.
    for rowid in 0..<4 as Range<Int64> {
      [UInt8](repeating: UInt8(rowid), count: 300_000).withUnsafeBytes { large.append(blob: $0) }
      try large.end(rowid: rowid)
    }
    for rowid in 0..<200_000 as Range<Int64> {
      table.append(rowid)
      try table.end(rowid: rowid)
      index.append(rowid)
      index.append(rowid)
      try index.end()
    }
    try file.finish()
    let handle = try #require(FileHandle(forReadingAtPath: path))
    try handle.seek(toOffset: 1 << 30)
    #expect(try handle.read(upToCount: size) == Data(count: size))
    #expect(try handle.read(upToCount: size) != Data(count: size))
    let connection = try SQLiteConnection(path)
    #expect(try connection.integrity() == "ok")
    #expect(
      try connection.rows("select count(*), sum(a) from t") == [
        [.integer(200_000), .integer(19_999_900_000)]
      ])
    #expect(
      try connection.rows("select hex(substr(a, 300000)) from u")
        == ["00", "01", "02", "03"].map { [.text(Array($0.utf8))] })
  }
}

/// One row whose blob takes many pages without taking them on the disk.
private enum Ballast {
  /// `root` must be an empty table's; its row's blob takes `pages` pages, every one full, after the `pagesBefore` there are.
  static func write(to path: String, pageSize: Int, root: Int, pagesBefore: Int, pages: Int) throws {
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    func put(_ bytes: [UInt8], page: Int, at offset: Int) throws {
      try handle.seek(toOffset: UInt64((page - 1) * pageSize + offset))
      try handle.write(contentsOf: Data(bytes))
    }
    func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xff) } }
    func varint(_ value: Int) -> [UInt8] {
      (0..<5).map { UInt8(value >> (28 - 7 * $0) & 0x7f) | ($0 < 4 ? 0x80 : 0) }
    }
    // Two rows, since one blob ends at a thousand million bytes.
    let local = (pageSize - 12) * 32 / 255 - 23
    let chain = pages / 2
    let payload = local + chain * (pageSize - 4)
    var cells: [(offset: Int, bytes: [UInt8])] = []
    for row in 0..<2 {
      let first = pagesBefore + 1 + row * chain
      // Header: its length, the type of a blob; then zeros, then where they go on.
      let start = varint(payload) + [UInt8(row + 1)] + [6] + varint(12 + 2 * (payload - 6))
      let cell = start + [UInt8](repeating: 0, count: local - 6) + number(first)
      cells.append((pageSize - (row + 1) * cell.count, cell))
      for page in first..<(first + chain - 1) { try put(number(page + 1), page: page, at: 0) }
    }
    try handle.truncate(atOffset: UInt64((pagesBefore + pages) * pageSize))
    try put([13, 0, 0, 0, 2] + number(cells[1].offset).suffix(2) + [0], page: root, at: 0)
    for (row, cell) in cells.enumerated() {
      try put(Array(number(cell.offset).suffix(2)), page: root, at: 8 + 2 * row)
      try put(cell.bytes, page: root, at: cell.offset)
    }
    try put(number(pagesBefore + pages), page: 1, at: 28)
    try handle.close()
  }
}
