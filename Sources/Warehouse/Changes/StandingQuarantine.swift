import GRDB
import Model

extension RunTransaction {
  /// What stays in quarantine beside a read of changes: rows of the source's last published read whose records this one says nothing of.
  ///
  /// Rows that could be of any record are none of them: such a read is asked for again.
  public func standingQuarantine(beside read: SourceRead) throws -> [QuarantinedRow] {
    guard let changes = read.changes,
      let source = try Int64.fetchOne(
        database, sql: "select source from source where name = ?", arguments: [read.source.name]),
      let last = try lastPublishedRead(of: read.source.name, database)?.run,
      let rows = try RecordRows(read, source: source, database)
    else { return [] }
    let quarantined = try quarantinedRows(of: read.source.name, run: last)
    guard !quarantined.isEmpty else { return [] }
    var said: [EntityKind: Set<String>] = [:]
    for (entity, column) in changes.columns {
      said[entity] =
        column == "id" ? try read.recordKeys() : Set(try rows.ids(of: entity) + read.keys(of: entity))
    }
    // By the record's own key where it could be read: a part may have been another record's before.
    func isSettled(_ record: [QuarantinedRow]) -> Bool {
      let own = record.filter { $0.entity.map { changes.columns[$0] == "id" } ?? false }
      return (own.isEmpty ? record : own).contains { row in
        guard let entity = row.entity, let key = row.key else { return true }
        return said[entity]?.contains(key) ?? false
      }
    }
    let settled = Set(Dictionary(grouping: quarantined, by: \.record).filter { isSettled($0.value) }.keys)
    return quarantined.filter { !settled.contains($0.record) }
  }

  private func quarantinedRows(of source: String, run: Int64) throws -> [QuarantinedRow] {
    let sql = """
      select file, line, "column", byte_offset, pointer, name, reason, raw, entity, natural_id from quarantined_row
      where run = ? and source = ? order by ordinal
      """
    return try Row.fetchAll(database, sql: sql, arguments: [run, source]).map { row in
      QuarantinedRow(
        place: Place(file: row[0], line: row[1], column: row[2], byte: row[3], pointer: row[4]), name: row[5],
        reason: row[6], raw: row[7], entity: (row[8] as String?).flatMap(EntityKind.init(rawValue:)),
        key: row[9])
    }
  }
}

extension SourceRead {
  /// Natural ids of an entity's rows, good and in quarantine.
  fileprivate func keys(of entity: EntityKind) throws -> [String] {
    let good = try parts.filter { $0.kind == entity }.flatMap { try $0.rows().texts(ofColumn: 0) }
    return good + quarantined.compactMap { $0.entity == entity ? $0.key : nil }
  }
}
