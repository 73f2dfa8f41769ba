import SQLitePages
import Testing

/// Keys must come in the order in which sqlite3 would look for them.
@Suite struct OrderTests {
  /// Values that are near each other, of every type.
  private static let values: [Value] =
    [
      .null, .text([]), .text([0]), .text([0x61]), .text([0x61, 0]), .text([0x61, 0x62]), .text([0xff]),
      .blob([]),
      .blob([0]), .blob([0x61]), .blob([0x61, 0x62]), .blob([0xff]),
    ]
    + [
      0, 1, -1, 2, 127, 128, -128, -129, 32767, 32768, 1 << 23, 1 << 31, 1 << 47, -(1 << 47) - 1,
      (1 << 53) + 1,
      1 << 53, .max, .max - 1, .min, .min + 1,
    ].map { .integer($0) }
    + [
      0, -0.0, 0.5, -0.5, 1, -1, 127.5, 0x1p53, 0x1p53 + 2, 0x1p63, -0x1p63, .infinity, -.infinity, 1e-300,
      9_223_372_036_854_774_784, -0x1.0000000000001p63,
    ].map { .real($0) }

  @Test(arguments: 1...12)
  func anEntryIsTakenRefusedOrCalledADuplicateAsSQLiteRanksIt(seed: UInt64) throws {
    print("order, seed \(seed)")
    var random = Seeded(seed)
    let scratch = try Scratch()
    let path = scratch.path("order")
    let connection = try SQLiteConnection(path)
    try connection.execute("create table t (a, b, c); create index i on t (a, b, c)")
    let unique = Int(seed % 4)
    let distinctNulls = seed > 6
    let few = Self.values.shuffled(using: &random).prefix(12)
    let rows = (0..<600).map { number -> [Value] in
      let pool = number < 300 ? Self.values : Array(few)
      return (0..<3).map { _ in pool[random.below(pool.count)] }
    }
    let model = try SQLiteConnection(":memory:")
    try model.execute("create table t (a, b, c)")
    try model.execute("insert into t values (?, ?, ?)", rows)
    let key = unique == 0 ? "a, b, c" : ["a", "a, b", "a, b, c"][unique - 1]
    let ranked = try model.rows(
      """
      select a, b, c, dense_rank() over (order by a, b, c), dense_rank() over (order by \(key)),
        \(unique == 0 ? "0" : key.split(separator: ",").map { "\($0) is null" }.joined(separator: " or ")) from t order by 4
      """)
    var counts = [0, 0, 0]
    for _ in 0..<20 {
      let file = try PageFile(path: path)
      let index = try file.index(root: 3, uniqueKeyColumns: unique, nullsAreDistinct: distinctNulls)
      var last: [Value]?
      for _ in 0..<200 {
        // Mostly near after the last one, so that a walk is long.
        let start = last.flatMap { ranked.firstIndex(of: $0) } ?? 0
        let ordered = random.chance(70)
        let next =
          ordered
          ? ranked[min(start + random.below(12), ranked.count - 1)] : ranked[random.below(ranked.count)]
        index.append(row: Array(next.prefix(3)))
        let mayRepeat = distinctNulls && next[5] == .integer(1)
        switch last.map({ verdict($0, next, mayRepeat: mayRepeat) }) ?? 0 {
        case 0:
          try index.end()
          last = next
          counts[0] += 1
        case 1:
          #expect(throws: PageFileError.duplicate(path: path, root: 3)) { try index.end() }
          counts[1] += 1
        default:
          #expect(throws: PageFileError.outOfOrder(path: path, root: 3)) { try index.end() }
          counts[2] += 1
        }
      }
    }
    #expect(counts.allSatisfy { $0 > 100 }, "\(counts)")
  }

  /// 0 ascending, 1 a duplicate, 2 out of order.
  private func verdict(_ last: [Value], _ next: [Value], mayRepeat: Bool) -> Int {
    guard case .integer(let lastRank) = last[3], case .integer(let rank) = next[3],
      case .integer(let lastKey) = last[4], case .integer(let key) = next[4]
    else { return 2 }
    if key == lastKey, !mayRepeat { return 1 }
    return lastRank < rank ? 0 : lastRank == rank ? 1 : 2
  }

  @Test func rowidsAscend() throws {
    let scratch = try Scratch()
    let path = scratch.path("rowids")
    try SQLiteConnection(path).execute("create table t (a integer)")
    let file = try PageFile(path: path)
    let table = try file.table(root: 2)
    for (rowid, isTaken) in [
      (-5, true), (-5, false), (-6, false), (7, true), (Int64.min, false), (.max, true), (.max, false),
    ] {
      table.begin()
      table.append(Int64(1))
      if isTaken {
        try table.end(rowid: rowid)
      } else {
        #expect(throws: PageFileError.outOfOrder(path: path, root: 2)) { try table.end(rowid: rowid) }
      }
    }
    try file.finish()
    #expect(
      try SQLiteConnection(path).rows("select rowid, a from t")
        == [-5, 7, .max].map { [.integer($0), .integer(1)] })
  }

  @Test func theSmallestRowidIsTakenOnce() throws {
    let scratch = try Scratch()
    let path = scratch.path("rowids")
    try SQLiteConnection(path).execute("create table t (a integer)")
    let file = try PageFile(path: path)
    let table = try file.table(root: 2)
    table.appendNull()
    try table.end(rowid: .min)
    table.appendNull()
    #expect(throws: PageFileError.outOfOrder(path: path, root: 2)) { try table.end(rowid: .min) }
    try file.finish()
    #expect(try SQLiteConnection(path).rows("select rowid, a from t") == [[.integer(.min), .null]])
  }
}
