import Foundation
import Testing

@testable import Warehouse

@Suite struct WarehouseReferenceTests {
  @Test func everyViewIsDescribedWhereItsStatementIsPrinted() throws {
    let warehouse = try TestWarehouse()
    let views = try warehouse.rows("select name from sqlite_master where type = 'view' order by name").map {
      $0[0]
    }
    #expect(viewDescriptions.keys.sorted() == views)
    let text = try WarehouseReader(reading: warehouse.path).schemaText()
    for view in views {
      let before = try #require(text.components(separatedBy: "CREATE VIEW \(view) as").first)
      let comment = before.split(separator: "\n").reversed().prefix { $0.hasPrefix("-- ") }.reversed()
      #expect(comment.map { $0.dropFirst(3) }.joined(separator: " ") == viewDescriptions[view])
      #expect(comment.allSatisfy { $0.count <= 120 })
    }
  }

  @Test func theReferenceOfTheViewsIsFresh() throws {
    let warehouse = try TestWarehouse()
    let views = try viewDescriptions.keys.sorted().map { view in
      let columns = try warehouse.rows("select name from pragma_table_info('\(view)')").map { "`\($0[0])`" }
      return "## \(view)\n\n\(viewDescriptions[view] ?? "")\n\nColumns: \(columns.joined(separator: ", ")).\n"
    }
    let fresh =
      """
      # The warehouse

      Generated from the descriptions in `Sources/Warehouse/Schema`; a test keeps it fresh (`make record` writes it anew).

      These views are for your own tools: their names, columns and the order of the columns are a promise, the tables behind them are not. Money is in
      millionths of the currency unit. `perennial query` asks them, `perennial schema --warehouse` prints how they are made.


      """ + views.joined(separator: "\n")
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Documentation/Warehouse.md").standardized
    if ProcessInfo.processInfo.environment["PERENNIAL_RECORD"] == "1" {
      try fresh.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == fresh, "run `make record`")
  }
}
