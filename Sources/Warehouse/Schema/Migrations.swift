import GRDB
import Model

/// The version of the schema this program writes, in `PRAGMA user_version`.
let schemaVersion = 22

/// "PERN", in `PRAGMA application_id`: `file(1)` and this program know the file by it.
let applicationID = 0x5045_524E

/// What step 16 adds to customers and subscriptions.
private func coveringDiscountColumns(of entity: EntityKind) -> Set<String> {
  guard entity == .customer || entity == .subscription else { return [] }
  return [
    "discount_amount", "discount_percent", "discount_currency", "discount_duration", "discount_start",
    "discount_end",
  ]
}

/// The steps from an empty file to ``schemaVersion``. A step, once released, never changes.
func schemaMigrator() -> DatabaseMigrator {
  var migrator = DatabaseMigrator()
  migrator.registerMigration("1") { database in
    try database.execute(sql: runLogTables)
    try database.execute(sql: identityTables)
    let entities: [EntityKind] = [
      .customer, .plan, .subscription, .recurringCharge, .opportunity, .expense, .fxRate,
    ]
    for entity in entities {
      try database.execute(sql: versionTable(of: entity, without: coveringDiscountColumns(of: entity)))
    }
    try database.execute(sql: publishedTables)
    for view in publicViews { try database.execute(sql: view) }
    try database.execute(sql: "pragma application_id = \(applicationID); pragma user_version = 1")
  }
  migrator.registerMigration("2") { database in
    try database.execute(sql: versionTable(of: .invoiceLine, without: ["contract"]))
    try database.execute(sql: "pragma user_version = 2")
  }
  migrator.registerMigration("3") { database in
    try database.execute(sql: movementSequence)
    try database.execute(sql: "pragma user_version = 3")
  }
  migrator.registerMigration("4") { database in
    // Linked customers are few, and asked for in every run.
    try database.execute(
      sql: """
        create index identity_linked on identity (identity) where customer_id <> identity;
        pragma user_version = 4
        """)
  }
  migrator.registerMigration("5") { database in
    try database.execute(sql: documentPlaces)
    try database.execute(sql: "pragma user_version = 5")
  }
  migrator.registerMigration("6") { database in
    for index in firstReferenceIndexes { try database.execute(sql: index.sql) }
    try database.execute(sql: carriedTables)
    try database.execute(sql: "pragma user_version = 6")
  }
  migrator.registerMigration("7") { database in
    try database.execute(sql: knownRecordTables)
    try database.execute(sql: "pragma user_version = 7")
  }
  migrator.registerMigration("8") { database in
    for entity in [EntityKind.invoice, .payment, .refund, .creditNote, .contract] {
      try database.execute(sql: versionTable(of: entity, without: ["contract"]))
    }
    try database.execute(sql: "pragma user_version = 8")
  }
  migrator.registerMigration("9") { database in
    try database.execute(sql: streamTables)
    try database.execute(sql: "pragma user_version = 9")
  }
  migrator.registerMigration("10") { database in
    for entity in [EntityKind.usageEvent, .cashBalance, .adjustment, .budget] {
      try database.execute(sql: versionTable(of: entity))
    }
    for entity in [EntityKind.invoice, .invoiceLine] {
      try database.execute(sql: versionTableAnew(of: entity, with: ["contract"]))
    }
    try database.execute(sql: "pragma user_version = 10")
  }
  migrator.registerMigration("11") { database in
    try database.execute(sql: timelessRecords)
    try database.execute(sql: "pragma user_version = 11")
  }
  migrator.registerMigration("12") { database in
    try database.execute(sql: chargeEntity)
    try database.execute(sql: chargeEntityView)
    try database.execute(sql: "pragma user_version = 12")
  }
  migrator.registerMigration("13") { database in
    try database.execute(sql: usageIndex.sql)
    try database.execute(sql: operatingTables)
    try database.execute(sql: "pragma user_version = 13")
  }
  migrator.registerMigration("14") { database in
    try database.execute(sql: outboxTables)
    try database.execute(sql: outboxView)
    try database.execute(sql: "pragma user_version = 14")
  }
  migrator.registerMigration("15") { database in
    for index in documentIndexes { try database.execute(sql: index.sql) }
    try database.execute(sql: "pragma user_version = 15")
  }
  migrator.registerMigration("16") { database in
    for entity in [EntityKind.customer, .subscription] {
      try database.execute(sql: versionTableAnew(of: entity, with: coveringDiscountColumns(of: entity)))
    }
    // They went with the tables.
    for index in firstReferenceIndexes where [.customer, .subscription].contains(index.entity) {
      try database.execute(sql: index.sql)
    }
    try database.execute(sql: "pragma user_version = 16")
  }
  migrator.registerMigration("17") { database in
    try database.execute(sql: keptFromQuarantine)
    try database.execute(sql: "pragma user_version = 17")
  }
  migrator.registerMigration("18") { database in
    // The same rows, found by the customer, too.
    try database.execute(
      sql: """
        drop index identity_linked;
        create index identity_linked on identity (customer_id) where customer_id <> identity;
        pragma user_version = 18
        """)
  }
  migrator.registerMigration("19") { database in
    try database.execute(sql: knownRecordBlocks)
    try database.execute(sql: "pragma user_version = 19")
  }
  migrator.registerMigration("20") { database in
    try database.execute(sql: closingTables)
    for view in closingViews { try database.execute(sql: view) }
    try database.execute(sql: "pragma user_version = 20")
  }
  migrator.registerMigration("21") { database in
    try keepMethodsOfCloses(database)
    try database.execute(sql: "pragma user_version = 21")
  }
  migrator.registerMigration("22") { database in
    try database.execute(sql: earlierKnowledge)
    try database.execute(sql: "pragma user_version = 22")
  }
  return migrator
}
