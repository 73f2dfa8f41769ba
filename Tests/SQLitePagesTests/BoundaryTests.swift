import SQLitePages
import Testing

/// Sizes at which a page or a whole level is just full, one more, and one less.
@Suite struct BoundaryTests {
  /// Texts of 440 bytes leave one row to a page of 512, and wide rowids 33 children to an interior one.
  @Test(arguments: [0..<45, 1110..<1135])
  func tablesOfEverySizeAreWhole(sizes: Range<Int>) throws {
    try check(sizes, declaration: "(a text) strict") { file, root, count in
      let table = try file.table(root: root)
      for number in 0..<count {
        table.begin()
        table.append(text: text(number, count: 440))
        try table.end(rowid: Int64(number) + Int64.min)
      }
    }
  }

  /// Four entries of 100 bytes fill a page of 512, five children an interior one.
  @Test(arguments: [0..<100, 330..<350, 1355..<1375])
  func indexesOfEverySizeAreWhole(sizes: Range<Int>) throws {
    try check(sizes, declaration: "(a text primary key) strict, without rowid") { file, root, count in
      let index = try file.index(root: root, uniqueKeyColumns: 1, nullsAreDistinct: false)
      for number in 0..<count {
        index.begin()
        index.append(text: text(number, count: 98))
        try index.end()
      }
    }
  }

  /// The smallest entry there is, an empty text alone, takes three bytes, but no cell less than four: except in an interior page.
  @Test func theSmallestEntryIsWholeAtEveryPlaceOfAPage() throws {
    try check(1..<130, declaration: "(a any primary key) strict, without rowid", texts: 50) {
      file, root, count in
      let index = try file.index(root: root, uniqueKeyColumns: 1, nullsAreDistinct: false)
      for number in 1..<count {
        index.append(Int64(number))
        try index.end()
      }
      index.append(text: "")
      try index.end()
      for number in 0..<50 {
        index.append(text: text(number, count: 6))
        try index.end()
      }
    }
  }

  /// Every size of a record around those where it leaves its cell, and where its last overflow page is just full.
  @Test(arguments: [512, 1024, 65536])
  func recordsOfEverySizeAreWhole(pageSize: Int) throws {
    let scratch = try Scratch()
    let path = scratch.path("sizes")
    try SQLiteConnection(path).execute(
      """
      pragma page_size = \(pageSize);
      create table t (a blob) strict; create table k (a blob primary key) strict, without rowid;
      """)
    let most = [pageSize - 35, (pageSize - 12) * 64 / 255 - 23]
    let least = (pageSize - 12) * 32 / 255 - 23
    let edges = most + (0..<4).map { least + $0 * (pageSize - 4) } + most.map { $0 + pageSize - 4 }
    let sizes = Set(edges.flatMap { ($0 - 12)...($0 + 4) }).sorted()
    let file = try PageFile(path: path)
    let table = try file.table(root: 2)
    let index = try file.index(root: 3)
    for (number, size) in sizes.enumerated() {
      // Big-endian beginnings, so that the entries ascend.
      var bytes = [UInt8](repeating: UInt8(number & 0xff), count: size)
      bytes[0] = UInt8(number >> 8)
      table.append(row: [.blob(bytes)])
      try table.end(rowid: Int64(size))
      index.append(row: [.blob(bytes)])
      try index.end()
    }
    try file.finish()
    let connection = try SQLiteConnection(path)
    #expect(try connection.integrity() == "ok")
    #expect(
      try connection.rows("select rowid from t where length(a) = rowid")
        == sizes.map { [.integer(Int64($0))] })
    #expect(try connection.rows("select a from t") == connection.rows("select a from k"))
  }

  /// Fills a tree of every size in one file and reads it back.
  private func check(
    _ sizes: Range<Int>, declaration: String, texts: Int? = nil, fill: (PageFile, UInt32, Int) throws -> Void
  ) throws {
    let scratch = try Scratch()
    let path = scratch.path("sizes")
    do {
      let connection = try SQLiteConnection(path)
      try connection.execute("pragma page_size = 512; begin;")
      for size in sizes { try connection.execute("create table t\(size) \(declaration)") }
      try connection.execute("commit")
    }
    let roots = try {
      let connection = try SQLiteConnection(path)
      return try sizes.map { try connection.root("t\($0)") }
    }()
    let file = try PageFile(path: path)
    for (size, root) in zip(sizes, roots) { try fill(file, root, size) }
    try file.finish()
    let connection = try SQLiteConnection(path)
    #expect(try connection.integrity() == "ok")
    for size in sizes {
      let numbers = try connection.rows("select cast(cast(a as text) as integer) from t\(size)")
      let expected = texts.map { Array(1..<size) + [0] + Array(0..<$0) } ?? Array(0..<size)
      #expect(numbers == expected.map { [.integer(Int64($0))] }, "\(size) rows")
      // Splits and merges find sound pages too.
      try connection.execute("delete from t\(size) where cast(cast(a as text) as integer) % 3 > 0")
      try connection.execute("insert into t\(size) values ('z'), ('0'), ('5y')")
    }
    #expect(try connection.integrity() == "ok")
  }

  /// Digits that ascend as texts, then blanks.
  private func text(_ number: Int, count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 6 - digits.count) + digits + String(repeating: " ", count: count - 6)
  }
}
