import GRDB
import Model

extension HeldRows {
  /// The records behind rows that are in force now, by source and entity.
  static func read(_ database: Database) throws -> [HeldRows] {
    var held: [HeldRows] = []
    let fed = try Row.fetchAll(
      database,
      sql: """
        select s.source, s.name, e.entity from source s join source_entity e on e.source = s.source
        order by s.name, e.entity
        """)
    for row in fed {
      let (source, name, text): (Int64, String, String) = (row[0], row[1], row[2])
      guard let entity = EntityKind(rawValue: text) else { continue }
      let count = try Int.fetchOne(
        database,
        sql: """
          select count(*) from (select distinct file, line from \(versionTableName(entity))
            where source = ? and seen_to is null and valid_to is null)
          """, arguments: [source])
      held.append(HeldRows(source: name, entity: entity, records: count ?? 0))
    }
    return held
  }
}
