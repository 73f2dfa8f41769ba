import Foundation
import SQLitePages
import Testing

/// Which files are written to, and what becomes of them.
@Suite struct FileTests {
  private static let schema = """
    create table t (a integer, b text) strict; create table u (a integer, b text) strict; create index i on t (a);
    """

  private func file(_ scratch: Scratch, _ sql: String = schema, name: String = "file") throws -> String {
    let path = scratch.path(name)
    try SQLiteConnection(path).execute(sql)
    return path
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  private func fill(_ file: PageFile, root: UInt32, rows: Int) throws {
    let table = try file.table(root: root)
    for number in 0..<rows {
      table.begin()
      table.append(Int64(number))
      table.append(text: "row \(number)")
      try table.end(rowid: Int64(number))
    }
  }

  @Test(
    arguments: [
      ("pragma auto_vacuum = full; create table t (a)", "is auto-vacuumed"),
      ("pragma encoding = 'UTF-16le'; create table t (a)", "its texts are not UTF-8"),
      ("create table t (a); create table u (a); drop table t;", "has free pages"),
    ])
  func aDatabaseOfAnotherKindIsRefused(sql: String, reason: String) throws {
    let scratch = try Scratch()
    let path = try file(scratch, sql)
    let before = try bytes(path)
    #expect(throws: PageFileError.refused(path: path, reason: reason)) { try PageFile(path: path) }
    #expect(try bytes(path) == before)
  }

  @Test(arguments: [
    ("has not schema format 4", 44), ("reserves bytes of every page", 20),
    ("was last written by a SQLite that keeps no count of pages", 92), ("not a SQLite database", 21),
  ])
  func aHeaderThatSaysOtherwiseIsRefused(reason: String, offset: Int) throws {
    let scratch = try Scratch()
    let path = try file(scratch)
    var changed = try bytes(path)
    changed[offset] = 8
    try changed.write(to: URL(fileURLWithPath: path))
    #expect(throws: PageFileError.refused(path: path, reason: reason)) { try PageFile(path: path) }
  }

  @Test(arguments: [0, 1, 99, 100, 4095, 4096, 12_289])
  func aTruncatedFileIsRefused(size: Int) throws {
    let scratch = try Scratch()
    let path = try file(scratch)
    try bytes(path).prefix(size).write(to: URL(fileURLWithPath: path))
    let error = try #require(throws: PageFileError.self) { try PageFile(path: path) }
    let reason =
      size < 100
      ? "not a SQLite database" : "has \(size) bytes where its header says 4 pages of 4096"
    #expect(error == .refused(path: path, reason: reason))
  }

  @Test func whatIsNoDatabaseIsRefused() throws {
    let scratch = try Scratch()
    let path = scratch.path("text")
    try Data(String(repeating: "no database\n", count: 1000).utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: PageFileError.refused(path: path, reason: "not a SQLite database")) {
      try PageFile(path: path)
    }
    let missing = scratch.path("missing")
    #expect(
      throws: PageFileError.system(path: missing, operation: "open", reason: "No such file or directory")
    ) {
      try PageFile(path: missing)
    }
  }

  @Test(arguments: ["-wal", "-journal"])
  func aLogBesideTheFileIsRefused(suffix: String) throws {
    let scratch = try Scratch()
    let path = try file(scratch)
    try Data("left".utf8).write(to: URL(fileURLWithPath: path + suffix))
    #expect(throws: PageFileError.refused(path: path, reason: "\(path)\(suffix) lies beside it")) {
      try PageFile(path: path)
    }
  }

  @Test func aFileInATransactionIsRefused() throws {
    let scratch = try Scratch()
    let path = try file(scratch)
    let connection = try SQLiteConnection(path)
    try connection.execute("begin; select * from t;")
    #expect(throws: PageFileError.refused(path: path, reason: "is in use")) { try PageFile(path: path) }
  }

  @Test func onlyTheRootOfAnEmptyTreeOfItsKindIsTaken() throws {
    let scratch = try Scratch()
    let path = try file(scratch, Self.schema + "insert into u values (1, 'x')")
    let file = try PageFile(path: path)
    _ = try file.table(root: 2)
    for root in [0, 1, 2, 5, .max] as [UInt32] {
      #expect(throws: PageFileError.refused(path: path, reason: "page \(root) is no tree to begin")) {
        try file.table(root: root)
      }
    }
    for root in [3, 4] as [UInt32] {
      #expect(throws: PageFileError.refused(path: path, reason: "page \(root) is no empty table")) {
        try file.table(root: root)
      }
    }
    #expect(throws: PageFileError.refused(path: path, reason: "page 3 is no empty index")) {
      try file.index(root: 3)
    }
    _ = try file.index(root: 4)
  }

  @Test func aFileLetGoOfIsTheOneItWas() throws {
    let scratch = try Scratch()
    let path = try file(scratch)
    let before = try bytes(path)
    var kept: TableBuilder?
    do {
      let file = try PageFile(path: path)
      try fill(file, root: 2, rows: 200_000)
      kept = try file.table(root: 3)
      #expect(try bytes(path).count > 1_000_000)
    }
    #expect(try bytes(path) == before)
    #expect(throws: PageFileError.finished(path: path)) { try kept?.end(rowid: 1) }
  }

  @Test func nothingIsTakenAfterTheEnd() throws {
    let scratch = try Scratch()
    let path = try file(scratch)
    let file = try PageFile(path: path)
    let table = try file.table(root: 2)
    let index = try file.index(root: 4)
    try file.finish(sync: true)
    #expect(throws: PageFileError.finished(path: path)) { try table.end(rowid: 1) }
    #expect(throws: PageFileError.finished(path: path)) { try index.end() }
    #expect(throws: PageFileError.finished(path: path)) { try file.finish() }
    #expect(throws: PageFileError.finished(path: path)) { try file.table(root: 3) }
    #expect(try SQLiteConnection(path).integrity() == "ok")
  }

  @Test(arguments: ["delete", "wal"])
  func sqliteAndPagesTakeTurns(journal: String) throws {
    let scratch = try Scratch()
    let path = try file(
      scratch, "pragma journal_mode = \(journal);" + Self.schema + "create table v (a integer) strict")
    let first = try PageFile(path: path)
    try fill(first, root: 2, rows: 5000)
    let index = try first.index(root: 4)
    for number in 0..<5000 {
      index.append(Int64(number))
      index.append(Int64(number))
      try index.end()
    }
    try first.finish()
    do {
      let connection = try SQLiteConnection(path)
      try connection.execute("insert into v select a from t")
      try connection.execute(
        "insert into t values (-1, 'later'); delete from t where rowid = 77; update t set a = a + 1 where a < 900;"
      )
      #expect(try connection.integrity() == "ok")
    }
    let second = try PageFile(path: path)
    try fill(second, root: 3, rows: 7000)
    try second.finish()
    let connection = try SQLiteConnection(path)
    #expect(try connection.integrity() == "ok")
    #expect(
      try connection.rows("select count(*), min(b) from u") == [[.integer(7000), .text(Array("row 0".utf8))]])
    #expect(try connection.rows("select count(*) from t indexed by i where a >= -1") == [[.integer(5000)]])
    #expect(try connection.rows("select count(*) from v") == [[.integer(5000)]])
  }

  /// The count of changes tells other connections to forget what they have read; the same number beside it makes the count of pages valid.
  @Test func everyFinishIsACountedChange() throws {
    let scratch = try Scratch()
    let path = try file(scratch, Self.schema + "drop index i; vacuum")
    func counters() throws -> [[UInt8]] {
      let header = try bytes(path)
      return [Array(header[24..<28]), Array(header[92..<96])]
    }
    let change = try counters()[0][3]
    for (step, root) in [2, 3].enumerated() {
      let pages = try PageFile(path: path)
      try fill(pages, root: UInt32(root), rows: 300)
      try pages.finish()
      #expect(try counters() == Array(repeating: [0, 0, 0, change + UInt8(step) + 1], count: 2))
    }
    #expect(try SQLiteConnection(path).integrity() == "ok")
  }

  @Test func equalRowsMakeEqualFiles() throws {
    let scratch = try Scratch()
    let files = try ["one", "two"].map { name in
      let path = try file(scratch, name: name)
      let pages = try PageFile(path: path)
      try fill(pages, root: 3, rows: 3000)
      try fill(pages, root: 2, rows: 3000)
      try pages.finish()
      return try bytes(path)
    }
    #expect(files[0] == files[1])
  }

  @Test func foreignKeysHold() throws {
    let scratch = try Scratch()
    let path = try file(
      scratch,
      "create table p (id integer primary key) strict; create table c (p integer references p) strict; create index i on c (p);"
    )
    let file = try PageFile(path: path)
    let (parents, children, index) = try (file.table(root: 2), file.table(root: 3), file.index(root: 4))
    for number in 0..<3000 as Range<Int64> {
      if number % 3 == 0 {
        parents.appendNull()
        try parents.end(rowid: number)
      }
      children.append(number / 3 * 3)
      try children.end(rowid: number)
      index.append(number / 3 * 3)
      index.append(number)
      try index.end()
    }
    try file.finish()
    let connection = try SQLiteConnection(path)
    #expect(try connection.integrity() == "ok")
    try connection.execute("pragma foreign_keys = on")
    #expect(throws: SQLiteConnection.Failure.self) { try connection.execute("delete from p where id = 300") }
    try connection.execute("delete from c where p = 300; delete from p where id = 300")
    #expect(try connection.integrity() == "ok")
  }
}
