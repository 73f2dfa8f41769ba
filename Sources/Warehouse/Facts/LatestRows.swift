import GRDB
import Model

/// The last states of one entity's rows that still stand, with the ids their systems know them by.
///
/// A row that a complete read did not have any more is gone. Of several sources of one system that state the same row, that of
/// the one read furthest counts.
struct LatestRows {
  /// Ranks of the systems' names, by scope.
  private let systems: [Int64: Int32]
  private let systemNames: [String]
  private let reader: VersionReader
  private let winners: [Int64: Int64]
  private let name: Int32

  /// - Parameters:
  ///   - part: Whose rows are wanted; nil: all.
  ///   - columns: The columns that are wanted; nil: all.
  init(
    _ entity: EntityKind, _ sources: ConfiguredSources, _ part: BookPart?, _ database: Database,
    columns: [String]? = nil
  ) throws {
    reader = VersionReader(
      entity: entity, sources: sources, database: database, only: part?.versions(of: entity),
      columns: columns)
    name = reader.width
    (systems, systemNames) = try systemRanks(database)
    winners = try winningSources(entity, sources, part, database)
  }

  /// At least as many as there are.
  func atMost() throws -> Int { try reader.atMost() }

  func column(_ name: String) -> Int32 { reader.column(name) }

  /// In no particular order.
  func forEachRow(
    _ body: (VersionRow, _ id: UnsafeBufferPointer<UInt8>, _ system: Int32) throws -> Void
  ) throws {
    guard reader.only == nil else { return try forEachRowOfPart(body) }
    try reader.forEachRow(
      .last,
      completed: {
        """
        select q.*, i.natural_id, i.scope from (\($0)) q
        cross join identity i on i.identity = q.identity
        """
      },
      { row in
        guard isWinner(row) else { return }
        try body(row, row.bytes(name), systems[row.integer(name + 1)] ?? 0)
      })
  }

  private func forEachRowOfPart(
    _ body: (VersionRow, _ id: UnsafeBufferPointer<UInt8>, _ system: Int32) throws -> Void
  ) throws {
    let find = try RawStatement(reader.database, "select natural_id, scope from identity where identity = ?")
    try forEachUnnamedRow { row in
      find.bind(1, row.integer(1))
      while try find.step() { try body(row, find.bytes(0), systems[find.integer(1)] ?? 0) }
    }
  }

  /// Without what their systems call them, which costs as much again as reading them.
  func forEachUnnamedRow(_ body: (VersionRow) throws -> Void) throws {
    try reader.forEachRow(.last) { row in
      if isWinner(row) { try body(row) }
    }
  }

  /// The system of a row's source.
  func system(named name: String) -> Int32 { Int32(systemNames.firstIndex(of: name) ?? 0) }

  private func isWinner(_ row: VersionRow) -> Bool {
    guard !winners.isEmpty, let winner = winners[row.integer(1)] else { return true }
    return winner == row.integer(2)
  }
}

/// The winning source of each identity that several sources state.
func winningSources(
  _ entity: EntityKind, _ sources: ConfiguredSources, _ part: BookPart?, _ database: Database
) throws -> [Int64: Int64] {
  let feeding = sources.byKey.values.filter { $0.entities.contains(entity) }
  guard Set(feeding.map(\.system)).count < feeding.count else { return [:] }
  let table = versionTableName(entity)
  var winners: [Int64: Int64] = [:]
  let statement = try RawStatement(
    database,
    """
    select identity, source from \(table) v where seen_to is null and source in \(sources.list)
      \(part.map { "and identity in \(sqlList($0.of(entity)))" } ?? "")
      and exists (
        select 1 from \(table) o where o.identity = v.identity and o.source <> v.source
          and o.seen_to is null and o.source in \(sources.list))
    """)
  while try statement.step() {
    let (identity, source) = (statement.integer(0), statement.integer(1))
    let best = winners[identity].flatMap { sources.byKey[$0]?.rank } ?? .max
    if (sources.byKey[source]?.rank ?? .max) < best { winners[identity] = source }
  }
  return winners
}

/// The place of each scope's system among the names of all systems.
private func systemRanks(_ database: Database) throws -> (ranks: [Int64: Int32], names: [String]) {
  let scopes = try Row.fetchAll(database, sql: "select scope, system from identity_scope")
    .map { (scope: $0[0] as Int64, system: $0[1] as String) }
  let names = Set(scopes.map(\.system)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  var ranks: [Int64: Int32] = [:]
  for (scope, system) in scopes { ranks[scope] = Int32(names.firstIndex(of: system) ?? 0) }
  return (ranks, names)
}
