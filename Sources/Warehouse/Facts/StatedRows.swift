import GRDB
import Model

/// One current version of a row, with the stretch of valid time it was seen in (both nil for period rows).
struct StatedRow<Value> {
  var row: Int64
  var from: Moment?
  var to: Moment?
  var value: Value
}

/// What one source says of one identity: a period row, or states in the order of time.
struct SourceStatement<Value> {
  var source: ConfiguredSources.Source
  var rows: [StatedRow<Value>]
}

/// Reads the current versions of one entity, of the configured sources, identity by identity.
struct VersionReader {
  let entity: EntityKind
  let sources: ConfiguredSources
  let database: Database
  /// The versions that are wanted; nil: all.
  var only: WantedVersions?
  /// The entity's columns that are wanted: what is left away, a description above all, costs nothing.
  let columns: [String]

  init(
    entity: EntityKind, sources: ConfiguredSources, database: Database, only: WantedVersions? = nil,
    columns: [String]? = nil
  ) {
    self.entity = entity
    self.sources = sources
    self.database = database
    self.only = only
    self.columns = columns ?? entity.columns.dropFirst().map(\.name)
  }

  /// At least as many as there are rows.
  func atMost() throws -> Int {
    if let only { return only.count }
    return try Int.fetchOne(database, sql: "select max(\"row\") from \(versionTableName(entity))") ?? 0
  }

  /// How many columns there are.
  var width: Int32 { Int32(columns.count + 5) }

  /// Where a column of the entity stands in the statement.
  func column(_ name: String) -> Int32 { Int32((columns.firstIndex(of: name) ?? 0) + 5) }

  /// Hands out the rows that meet a condition, in the order ``column(_:)`` counts their columns.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether rows of one identity follow each other, those of one source in the order of time.
  ///   - completed: Makes a statement of further columns out of one that selects these.
  @inline(__always)
  func forEachRow(
    where condition: String = "", isOrdered: Bool = false, completed: (String) -> String = { $0 },
    _ body: (RawStatement) throws -> Void
  ) throws {
    let names = columns.map(quoted).joined(separator: ", ")
    let order = isOrdered ? " order by identity, source, coalesce(valid_from, '')" : ""
    func statement(_ wanted: String, _ database: Database) throws -> RawStatement {
      try RawStatement(
        database,
        completed(
          """
          select "row", identity, source, valid_from, valid_to, \(names) from \(versionTableName(entity))
          where seen_to is null\(wanted)\(sources.condition)\(condition)\(order)
          """))
    }
    guard let only else {
      let all = try statement("", database)
      while try all.step() { try body(all) }
      return
    }
    if let found = only.found {
      let one = try statement(" and \"row\" = ?", found.database)
      for row in found.rows {
        one.bind(1, row)
        while try one.step() { try body(one) }
      }
    }
    guard !only.identities.isEmpty else { return }
    let ofOne = try statement(" and identity = ?", database)
    for identity in only.identities {
      ofOne.bind(1, identity)
      while try ofOne.step() { try body(ofOne) }
    }
  }

  func forEach<Value>(
    _ decode: (RawStatement) throws -> Value, body: (Int64, [SourceStatement<Value>]) throws -> Void
  ) throws {
    var identity: Int64 = 0
    var statements: [SourceStatement<Value>] = []
    try forEachRow(isOrdered: true) { statement in
      let next = statement.integer(1)
      if next != identity {
        if !statements.isEmpty { try body(identity, statements) }
        identity = next
        statements.removeAll(keepingCapacity: true)
      }
      guard let source = sources.byKey[statement.integer(2)] else { return }
      let row = StatedRow(
        row: statement.integer(0), from: statement.moment(3), to: statement.moment(4),
        value: try decode(statement))
      if let last = statements.indices.last, statements[last].source.key == source.key {
        statements[last].rows.append(row)
      } else {
        statements.append(SourceStatement(source: source, rows: [row]))
      }
    }
    if !statements.isEmpty { try body(identity, statements) }
  }
}

/// Current versions of one entity that are wanted, each by its row or by its identity.
struct WantedVersions {
  /// Rows that are known already, those of one identity in the order of source and time; and where they stand.
  var found: (rows: [Int64], database: Database)?
  /// Identities whose versions are to be looked up.
  var identities: [Int64] = []

  var count: Int { identities.count + (found?.rows.count ?? 0) }
}

/// `(1, 2, 3)`, for SQL.
func sqlList(_ identities: some Sequence<Int64>) -> String {
  "(" + identities.sorted().map(String.init).joined(separator: ", ") + ")"
}

extension Array {
  /// The statement that counts where several sources state the same identity: of the source read furthest.
  func winning<Value>() -> SourceStatement<Value>? where Element == SourceStatement<Value> {
    self.min { $0.source.rank < $1.source.rank }
  }
}

extension RawStatement {
  @inline(__always) func moment(_ column: Int32) -> Moment? {
    isNull(column) ? nil : MomentText.read(bytes(column))
  }

  /// Position of a choice's name among `names`; nil for null.
  @inline(__always) func choice(_ column: Int32, _ names: [String]) -> UInt8? {
    guard !isNull(column) else { return nil }
    let found = bytes(column)
    return names.firstIndex { $0.utf8.count == found.count && $0.utf8.elementsEqual(found) }.map { UInt8($0) }
  }
}
