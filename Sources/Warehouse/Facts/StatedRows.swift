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

  /// Columns before those of the entity: row, identity, source, valid_from and valid_to.
  static let leading = 5

  /// Which of the current versions.
  enum Standing: String {
    case any = ""
    /// Those that nothing ended.
    case last = " and valid_to is null"
    /// Those that say themselves when they hold.
    case undated = " and valid_from is null"
  }

  init(
    entity: EntityKind, sources: ConfiguredSources, database: Database, only: WantedVersions? = nil,
    columns: [String]? = nil
  ) {
    self.entity = entity
    self.sources = sources
    self.database = database
    self.only = only
    self.columns = only?.kept?.versions.columns ?? columns ?? Self.columns(of: entity)
  }

  /// All columns but the id.
  static func columns(of entity: EntityKind) -> [String] { entity.columns.dropFirst().map(\.name) }

  /// What reads so many columns of current versions.
  static func select(_ columns: [String], of entity: EntityKind) -> String {
    let names = columns.map(quoted).joined(separator: ", ")
    return """
      select "row", identity, source, valid_from, valid_to, \(names) from \(versionTableName(entity))
      where seen_to is null
      """
  }

  /// At least as many as there are rows.
  func atMost() throws -> Int {
    if let only { return only.count }
    return try Int.fetchOne(database, sql: "select max(\"row\") from \(versionTableName(entity))") ?? 0
  }

  /// How many columns there are.
  var width: Int32 { Int32(columns.count + Self.leading) }

  /// Where a column of the entity stands in the statement.
  func column(_ name: String) -> Int32 { Int32((columns.firstIndex(of: name) ?? 0) + Self.leading) }

  /// Hands out the rows, in the order ``column(_:)`` counts their columns.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether rows of one identity follow each other, those of one source in the order of time.
  ///   - completed: Makes a statement of further columns out of one that selects these, where all rows are read.
  @inline(__always)
  func forEachRow(
    _ standing: Standing = .any, isOrdered: Bool = false, completed: (String) -> String = { $0 },
    _ body: (VersionRow) throws -> Void
  ) throws {
    let select = Self.select(columns, of: entity)
    let condition = sources.condition + standing.rawValue
    let order = isOrdered ? " order by identity, source, coalesce(valid_from, '')" : ""
    guard let only else {
      let all = try RawStatement(database, completed(select + condition + order))
      while try all.step() { try body(VersionRow(all)) }
      return
    }
    if let kept = only.kept {
      let areAllConfigured = sources.condition.isEmpty
      try kept.versions.forEach(kept.numbers) { row in
        guard areAllConfigured || sources.byKey[row.integer(2)] != nil,
          standing == .any || row.isNull(standing == .last ? 4 : 3)
        else { return }
        try body(row)
      }
    }
    guard !only.identities.isEmpty else { return }
    let ofOne = try RawStatement(database, select + " and identity = ?" + condition + order)
    for identity in only.identities {
      ofOne.bind(1, identity)
      while try ofOne.step() { try body(VersionRow(ofOne)) }
    }
  }

  func forEach<Value>(
    _ decode: (VersionRow) throws -> Value, body: (Int64, [SourceStatement<Value>]) throws -> Void
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

/// Current versions of one entity that are wanted.
struct WantedVersions {
  /// Those that were read before, by their numbers: of one identity in the order of source and time.
  var kept: (versions: KeptVersions, numbers: [Int32])?
  /// Identities whose versions are to be looked up.
  var identities: [Int64] = []

  var count: Int { identities.count + (kept?.numbers.count ?? 0) }
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
