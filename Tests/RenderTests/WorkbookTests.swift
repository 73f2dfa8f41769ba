import Foundation
import LoopbackServers
import Model
import Testing

@testable import Render

private func workbook(_ name: String, _ data: ReportData) throws -> [UInt8] {
  var definition = shipped(name).withRows(40)
  definition.formats = [.xlsx]
  return try #require(render(definition, data, templates: [:]).documents.first).bytes
}

@Suite(.enabled(if: Part.openpyxl.isThere, "openpyxl is not installed"), .timeLimit(.minutes(2)))
struct WorkbookTests {
  @Test func aCustomerNamedLikeAFormulaIsAText() throws {
    var data = ReportCase.hostileNames.data
    let id = try #require(data.customerNames.keys.sorted().first)
    data.customerNames[id] = "=HYPERLINK(\"http://evil.example\")"
    let book = try WorkbookReading.of(try workbook("customers", data))
    let cells = book.sheets.flatMap(\.cells)
    #expect(!cells.contains { $0.type == "f" })
    #expect(cells.contains { $0.type == "s" && $0.value == "=HYPERLINK(\"http://evil.example\")" })
    #expect(cells.contains { $0.type == "s" && $0.value == "=cmd|'/C calc'!A0" })
  }

  @Test func itIsMadeOfTheMonthAndOfNoClock() throws {
    let data = ReportCase.everyMovement.data
    let first = try workbook("mrr_bridge", data)
    #expect(try workbook("mrr_bridge", data) == first)
    #expect(try WorkbookReading.of(first).created.hasPrefix("\(data.month.lastDay)"))
  }

  @Test func chartsAreTheSpreadsheetsOwnAndHeadsStay() throws {
    let book = try WorkbookReading.of(try workbook("mrr_bridge", ReportCase.everyMovement.data))
    let charts = book.sheets.flatMap(\.charts)
    #expect(Set(charts.map(\.kind)) == ["LineChart", "BarChart"])
    #expect(charts.allSatisfy { $0.series > 0 })
    let months = try #require(book.sheets.first { $0.name == "Month by month" })
    #expect(months.frozen == "B4")
    #expect(months[4, 1]?.type == "d" && months[4, 1]?.format == "mmm yyyy")
  }

  @Test(arguments: [("JPY", "#,##0"), ("USD", "#,##0.00"), ("KWD", "#,##0.000")])
  func amountsHaveTheDecimalsOfTheirCurrency(_ code: String, _ format: String) throws {
    let currency = try #require(Currency(code))
    var table = Table(caption: "Amounts", columns: [.init("Name", isNumber: false), .init("Amount")])
    table.rows = [.init(cells: [Cell("a"), .money(Int64(-1_234_567_891), currency)])]
    var report = Report(
      title: "Amounts", audience: "", company: "Acme", month: Month(year: 2024, month: 2), currency: currency,
      isProvisional: false, isWide: false)
    report.sections = [
      ReportSection(id: "section-1", title: "Amounts", kind: .table, blocks: [.table(table)])
    ]
    let cell = try #require(
      try WorkbookReading.of(try SpreadsheetReport.bytes(report)).sheet("Amounts")[3, 2])
    #expect(cell.format == format && cell.value == "-1234.567891")
  }

  @Test func namesOfSheetsAreTakenWhateverATitleHolds() {
    var names = SheetNames()
    #expect(names.name("By [country]: a/b?") == "By country a b")
    #expect(names.name("by [COUNTRY]: a/b?") == "by COUNTRY a b 2")
    #expect(names.name("'quoted'") == "quoted")
    #expect(names.name("History") == "Sheet")
    #expect(names.name("") == "Sheet 2")
    #expect(names.name("What a customer costs and brings, month by month") == "What a customer costs and")
    #expect(names.name("Unternehmensgeschäftsführerversammlung") == "Unternehmensgeschäftsführervers")
    #expect(names.name("A Unternehmensgeschäftsführerversammlung") == "A Unternehmensgeschäftsführerve")
    let long = names.name(String(repeating: "long ", count: 20))
    #expect(long.utf16.count <= 31 && names.name(String(repeating: "long ", count: 20)).hasSuffix(" 2"))
  }

  @Test func notesOfAColumnStandInItsHead() throws {
    var table = Table(
      caption: "", columns: [.init("Name", isNumber: false), .init("NDR", notes: [17]), .init("GDR")])
    table.rows = [.init(cells: [Cell("a", notes: [2]), .count(1), .count(2)])]
    var report = Report(
      title: "Notes", audience: "", company: "Acme", month: Month(year: 2024, month: 2),
      currency: try #require(Currency("USD")), isProvisional: false, isWide: false)
    report.sections = [ReportSection(id: "section-1", title: "T", kind: .table, blocks: [.table(table)])]
    let sheet = try WorkbookReading.of(try SpreadsheetReport.bytes(report)).sheet("T")
    #expect((1...4).map { sheet[2, $0]?.value } == ["Name", "NDR [17]", "GDR", "Notes"])
    #expect(sheet[3, 4]?.value == "2")
  }

  /// A report's own name with a number says nothing of what stands on its sheets.
  @Test func aSheetWithoutATitleIsNamedAfterWhatItHolds() throws {
    func section(
      _ kind: SectionDefinition.Kind, _ metrics: [String], _ views: SectionDefinition.View...
    ) -> SectionDefinition {
      var section = SectionDefinition(kind, title: "", place: Place(file: "x.yml"))
      section.metrics = metrics.map { .init($0, at: section.place) }
      section.views = views
      return section
    }
    var definition = ReportDefinition(
      name: "x", title: "Board pack",
      sections: [
        section(.figures, ["mrr", "customers"], .tiles), section(.chart, []), section(.chart, [], .waterfall),
        section(.figures, ["mrr", "customers"]), section(.figures, ["mrr"]), section(.table, ["arpa"]),
        section(.table, ["mrr", "arpa"]), section(.bridge, [], .customers),
      ], place: Place(file: "x.yml"))
    definition.formats = [.xlsx]
    let made = render(definition, SampleCompany.small.reportData(dimensions: []), templates: [:])
    let names = try WorkbookReading.of(try #require(made.documents.first).bytes).sheets.map(\.name)
    #expect(
      Array(names.dropFirst().prefix(8)) == [
        "Headline figures", "MRR by month and what moved it", "MRR bridge of February 2024", "Key figures",
        "MRR", "ARPA by month", "By month, amounts in USD", "Customers by month",
      ])
    #expect(names.allSatisfy { $0.utf16.count <= 31 } && Set(names).count == names.count)
  }
}
