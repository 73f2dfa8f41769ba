import Foundation
import GRDB

@testable import Warehouse

extension TestWarehouse {
  /// Makes the schema what it was at an earlier version; tables that came or changed since then are gone, or empty.
  func goBack(toSchema version: Int) throws {
    let earlier = try DatabaseQueue(path: folder.path + "/schema-\(version).sqlite")
    try schemaMigrator().migrate(earlier, upTo: "\(version)")
    let (then, now) = (try earlier.read(objects), try warehouse.queue.read(objects))
    try warehouse.queue.write { database in
      for object in now where !then.contains(object) {
        try database.execute(sql: "drop \(object.type) if exists \(object.name)")
      }
      for object in then where !now.contains(object) { try database.execute(sql: object.sql) }
      try database.execute(
        sql: "delete from grdb_migrations where cast(identifier as integer) > ?", arguments: [version])
      try database.execute(sql: "pragma user_version = \(version)")
    }
  }

  private func objects(_ database: Database) throws -> [SchemaObject] {
    try Row.fetchAll(database, sql: "select type, name, sql from sqlite_master where sql is not null").map {
      SchemaObject(type: $0[0], name: $0[1], sql: $0[2])
    }
  }
}

private struct SchemaObject: Equatable {
  var type: String
  var name: String
  var sql: String
}
