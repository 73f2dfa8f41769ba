import GRDB
import Model

/// The sources a book is made of, as the warehouse knows them.
struct ConfiguredSources {
  struct Source {
    var key: Int64
    var name: String
    var system: String
    var entities: Set<EntityKind>
    /// Place in the order in which customer attributes win.
    var priority: Int
    /// Place among sources that state the same identity: the one read furthest wins, then the first name.
    var rank: Int
  }

  private(set) var byKey: [Int64: Source] = [:]
  /// Known sources with facts that are not configured any more.
  private(set) var abandoned: [String] = []

  init(_ request: BookRequest, dataThrough: (String) throws -> Moment?, _ database: Database) throws {
    var all: [(source: Source, through: Int64)] = []
    for row in try Row.fetchAll(database, sql: "select source, name, system from source order by name") {
      let (key, name): (Int64, String) = (row[0], row[1])
      let entities = try String.fetchAll(
        database, sql: "select entity from source_entity where source = ?", arguments: [key])
      guard request.sources.contains(name) else {
        abandoned.append(name)
        continue
      }
      let priority =
        request.attributeSources.firstIndex(of: name) ?? request.attributeSources.count + all.count
      let source = Source(
        key: key, name: name, system: row[2], entities: Set(entities.compactMap(EntityKind.init(rawValue:))),
        priority: priority, rank: 0)
      all.append((source, try dataThrough(name)?.packed ?? .min))
    }
    all.sort { ($1.through, $0.source.name) < ($0.through, $1.source.name) }
    for (rank, entry) in all.enumerated() {
      byKey[entry.source.key] = entry.source
      byKey[entry.source.key]?.rank = rank
    }
  }

  var fed: Set<EntityKind> { byKey.values.reduce(into: []) { $0.formUnion($1.entities) } }

  func systems(feeding entity: EntityKind) -> Set<String> {
    Set(byKey.values.filter { $0.entities.contains(entity) }.map(\.system))
  }

  /// For SQL.
  var list: String { sqlList(byKey.keys) }

  /// For SQL: that a version's source counts. Nothing where all known ones do, since each row would be looked at.
  var condition: String { abandoned.isEmpty ? "" : " and source in \(list)" }

  /// What the order of the sources decides, as text: equal texts, equal decisions.
  var terms: String {
    byKey.sorted { $0.key < $1.key }.map { key, source in
      let entities = source.entities.map(\.rawValue).sorted().joined(separator: ",")
      // How far a source was read plays a part only beside another one that may state the same.
      let rivals = byKey.values.filter {
        $0.system == source.system && !$0.entities.isDisjoint(with: source.entities)
      }
      let place = rivals.count { $0.rank < source.rank }
      return "\(key) \(source.name) \(source.system) \(entities) \(source.priority) \(place)"
    }.joined(separator: "\n")
  }
}
