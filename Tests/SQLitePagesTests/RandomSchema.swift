/// A table of random shape with its indexes.
struct RandomTable {
  struct Index {
    let name: String
    /// The columns of an entry, in order, the key of the table at the end.
    let entry: [String]
    let uniqueColumns: Int
  }

  let name: String
  /// Columns as declared.
  let columns: [String]
  let types: [String]
  let isStrict: Bool
  /// The primary key, of a table without rowids.
  let key: [String]
  let integerKey: Bool
  let indexes: [Index]
  let sql: String

  var hasRowid: Bool { key.isEmpty }

  /// Columns in the order in which the table's tree stores them.
  var stored: [String] { key + columns.filter { !key.contains($0) } }

  init(name: String, random: inout Seeded) {
    let isStrict = random.chance(60)
    let types =
      isStrict ? ["integer", "real", "text", "blob", "any"] : ["integer", "real", "text", "", "numeric"]
    let chosen = (0..<(1 + random.below(random.chance(5) ? 200 : 9))).map { _ in types[random.below(5)] }
    let columns = chosen.indices.map { "c\($0)" }
    let withRowid = random.chance(65)
    var key: [String] = []
    if !withRowid { key = Array(columns.shuffled(using: &random).prefix(1 + random.below(3))) }
    let integerKey = withRowid && chosen[0] == "integer" && random.chance(70)
    var lines = zip(columns, chosen).map { "\($0) \($1)" }
    if integerKey { lines[0] += " primary key" }
    if !key.isEmpty { lines.append("primary key (\(key.joined(separator: ", ")))") }
    let options = (isStrict ? ["strict"] : []) + (withRowid ? [] : ["without rowid"])
    var sql = "create table \(name) (\(lines.joined(separator: ", "))) \(options.joined(separator: ", "));"
    var indexes: [Index] = []
    for number in 0..<random.below(4) {
      let indexed = Array(columns.shuffled(using: &random).prefix(1 + random.below(3)))
      let isUnique = random.chance(30)
      let index = "\(name)_i\(number)"
      sql +=
        "create \(isUnique ? "unique" : "") index \(index) on \(name) (\(indexed.joined(separator: ", ")));"
      let tail = withRowid ? ["rowid"] : key.filter { !indexed.contains($0) }
      indexes.append(Index(name: index, entry: indexed + tail, uniqueColumns: isUnique ? indexed.count : 0))
    }
    self.name = name
    self.columns = columns
    self.types = chosen
    self.isStrict = isStrict
    self.key = key
    self.integerKey = integerKey
    self.indexes = indexes
    self.sql = sql
  }

  /// A row as `insert` takes it: the columns, and for a table with rowids the rowid before them.
  func row(pageSize: Int, random: inout Seeded) -> [Value] {
    let values = zip(columns, types).map { column, type -> Value in
      if random.chance(10), !key.contains(column) { return .null }
      switch type {
      case "integer": return .integer(random.integer())
      case "real": return .real(random.real())
      case "text": return .text(random.bytes(pageSize: pageSize))
      case "blob": return .blob(random.bytes(pageSize: pageSize))
      default:
        switch random.below(4) {
        case 0: return .integer(random.integer())
        case 1: return .real(random.real())
        case 2: return .text(random.bytes(pageSize: pageSize))
        default: return .blob(random.bytes(pageSize: pageSize))
        }
      }
    }
    guard hasRowid else { return values }
    let rowid = Value.integer(random.integer())
    return integerKey ? [rowid] + values.dropFirst() : [rowid] + values
  }

  /// The statement for such rows.
  var insert: String {
    let names = hasRowid && !integerKey ? ["rowid"] + columns : columns
    return "insert or ignore into \(name) (\(names.joined(separator: ", "))) values ("
      + names.map { _ in "?" }.joined(separator: ", ") + ")"
  }

  /// The table's rows in the order of its tree, as stored; the rowid first where there is one.
  var scan: String {
    hasRowid
      ? "select rowid, \(columns.joined(separator: ", ")) from \(name) not indexed order by rowid"
      : "select \(stored.joined(separator: ", ")) from \(name) order by \(key.joined(separator: ", "))"
  }

  func scan(_ index: Index) -> String {
    let entry = index.entry.joined(separator: ", ")
    return "select \(entry) from \(name) indexed by \(index.name) order by \(entry)"
  }

  /// The table's rows in order, as one text: put together by sqlite3, which is faster.
  var print: String { print(hasRowid ? ["rowid"] + columns : columns, from: scan) }

  /// The index's entries in order, likewise, read from the index alone.
  func print(_ index: Index) -> String { print(index.entry, from: scan(index)) }

  private func print(_ columns: [String], from scan: String) -> String {
    let values = columns.map {
      "case typeof(\($0)) when 'text' then 't' || hex(\($0)) when 'blob' then 'b' || hex(\($0)) else quote(\($0)) end"
    }
    return "select count(*), group_concat(\(values.joined(separator: " || ',' || ")), x'0a') from (\(scan))"
  }

  /// The same without use of the index.
  func sorted(_ index: Index) -> String {
    let entry = index.entry.joined(separator: ", ")
    return
      "select \(entry) from \(name) not indexed order by \(index.entry.map { "+" + $0 }.joined(separator: ", "))"
  }
}
