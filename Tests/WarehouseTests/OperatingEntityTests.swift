import Foundation
import GRDB
import Model
import Testing

@testable import Warehouse

@Test func aWarehouseOfAnEarlierSchemaKeepsItsInvoicesAndTakesContractsOfThem() throws {
  let warehouse = try TestWarehouse()
  let old = warehouse.folder.path + "/old.sqlite"
  do {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: old, configuration: configuration)
    try schemaMigrator().migrate(queue, upTo: "9")
    try queue.write { database in
      try database.execute(
        sql: """
          insert into invoice_version ("row", identity, source, total, currency, seen_from, digest, file, line)
          values (4, 7, 1, 9000000, 'USD', 1, 42, 1, 2);
          """)
      let columns = try String.fetchAll(
        database, sql: "select name from pragma_table_info('invoice_version')")
      #expect(!columns.contains("contract"))
    }
    try queue.write { database in
      try schemaMigratorStep10(database)
      let row = try Row.fetchOne(
        database, sql: "select \"row\", total, digest, contract from invoice_version")
      #expect(
        row.map { "\($0[0] as Int64) \($0[1] as Int64) \($0[2] as Int64) \($0[3] as Int64? ?? 0)" }
          == "4 9000000 42 0")
    }
  }
}

/// Without the check of foreign keys, which rows of no run would not pass.
private func schemaMigratorStep10(_ database: Database) throws {
  for entity in [EntityKind.invoice, .invoiceLine] {
    try database.execute(sql: versionTableAnew(of: entity, with: ["contract"]))
  }
}

@Test func whatACompanyKeepsBesideItsBillingIsStoredWithItsHistory() throws {
  let warehouse = try TestWarehouse()
  func books(_ balance: String) -> SourceRead {
    read(
      files: [
        (
          "books.ndjson", nil,
          [
            (.usageEvent, [TestRow(["id": "U1", "customer": "C1", "at": "2024-01-05"])]),
            (
              .cashBalance,
              [TestRow(["id": "B1", "day": "2024-01-31", "amount": balance, "currency": "USD"])]
            ),
            (
              .adjustment,
              [
                TestRow([
                  "id": "A1", "day": "2024-01-31", "customer": "C1", "metric": "mrr_new", "amount": "-5",
                  "currency": "USD", "author": "ann", "reason": "late",
                ])
              ]
            ),
            (
              .budget,
              [TestRow(["id": "P1", "day": "2024-01-31", "metric": "customers", "value": "12000000"])]
            ),
            (.contract, [TestRow(["id": "K1", "customer": "C1"])]),
            (
              .invoice,
              [TestRow(["id": "I1", "customer": "C1", "total": "9", "currency": "USD", "contract": "K1"])]
            ),
            (
              .invoiceLine,
              [TestRow(["id": "L1", "invoice": "I1", "amount": "9", "currency": "USD", "contract": "K1"])]
            ),
          ]
        )
      ])
  }
  try warehouse.apply(books("5"))
  let second = try warehouse.apply(books("6"))
  #expect(second[0].entities[.cashBalance]?.changed == 1)
  #expect(second[0].entities[.invoice]?.changed == 0)
  #expect(
    try warehouse.rows("select amount, seen_to is null from cash_balance_version order by \"row\"")
      == [["5", "0"], ["6", "1"]])
  #expect(
    try warehouse.rows(
      "select k.natural_id from invoice_line_version v join identity k on k.identity = v.contract") == [
        ["K1"]
      ])
  #expect(try WarehouseReader(reading: warehouse.path).integrityProblems().isEmpty)
}

@Test func aColumnThatCameLaterLeavesTheDigestsOfRowsWithoutItAsTheyWere() {
  func digest(_ cells: [Int64], _ first: Int) -> UInt64 {
    cells.withUnsafeBufferPointer { cells in
      [Bool](repeating: false, count: cells.count).withUnsafeBufferPointer { isText in
        rowDigest(cells, isText, UnsafeBufferPointer(start: nil, count: 0), firstColumns: first)
      }
    }
  }
  #expect(digest([0, 1, 2, EntityColumn.null], 3) == digest([0, 1, 2], 3))
  #expect(digest([0, 1, 2, 3], 3) != digest([0, 1, 2], 3))
  #expect(digest([0, 1, 2, EntityColumn.null], 4) != digest([0, 1, 2], 3))
}

@Test func theBookHasWhatACompanyKeepsBesideItsBilling() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    read(
      files: [
        (
          "books.ndjson", nil,
          [
            (.recurringCharge, [charge("a", "C1")]),
            (
              .usageEvent,
              [
                TestRow(["id": "U1", "customer": "C1", "user": "ann", "at": "2024-01-05"]),
                TestRow(["id": "U2", "customer": "C2", "at": "2024-01-06"]),
                TestRow(["id": "U3", "customer": "C1", "user": "bob", "at": "2024-01-05T10:00:00Z"]),
              ]
            ),
            (
              .cashBalance,
              [TestRow(["id": "B1", "day": "2024-01-31", "account": "x", "amount": "5", "currency": "EUR"])]
            ),
            (
              .adjustment,
              [
                TestRow([
                  "id": "A1", "day": "2024-01-31", "customer": "C2", "metric": "mrr_new", "amount": "-5",
                  "currency": "JPY", "author": "ann", "reason": "late",
                ])
              ]
            ),
            (
              .budget,
              [TestRow(["id": "P1", "day": "2024-02-01", "metric": "mrr", "amount": "7", "currency": "CHF"])]
            ),
          ]
        )
      ]))
  let book = try warehouse.book("billing")
  #expect(
    book.usage.map { "\(book.customers[Int($0.customer)].name) \($0.user)" } == ["C1 0", "C2 -1", "C1 1"])
  #expect(book.cash.map { "\($0.day) \($0.account ?? "") \($0.amount)" } == ["2024-01-31 x 5"])
  #expect(book.adjustments.map(\.customer) == [book.customers.first { $0.name == "C2" }?.id])
  #expect(book.budgets.map(\.segment) == [.all])
  #expect(book.currencies.map(\.code) == ["CHF", "EUR", "JPY", "USD"])
}
