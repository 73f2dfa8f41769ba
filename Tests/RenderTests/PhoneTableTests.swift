import Foundation
import Model
import Project
import Testing

@testable import Render

private let dollar = Currency("USD")!

@Suite struct PhoneTableTests {
  private static func forecast(_ columns: Int, rank: Int = 0) -> Table {
    Table(
      caption: "Forecast",
      columns: [.init("Month", isNumber: false)] + (0..<columns).map { .init("Case \($0)", rank: rank * $0) },
      rows: [
        .init(
          cells: [.month(Month(year: 2027, month: 3))]
            + (0..<columns).map { _ in .money(2_846_337_120_000, dollar) })
      ])
  }

  @Test func whatFitsStaysAsItIs() {
    let (table, left) = PhoneTable.fitted(Self.forecast(2))
    #expect(left == 0 && table.rows[0].cells[1].text == "2,846,337.12")
  }

  @Test func amountsAreShortBeforeAColumnGoes() {
    let (table, left) = PhoneTable.fitted(Self.forecast(4))
    #expect(left == 0 && table.rows[0].cells.dropFirst().allSatisfy { $0.text == "2.85 M" })
  }

  @Test func columnsOfTheHighestRankGoFirstAndTheMailSaysHowMany() {
    let (table, left) = PhoneTable.fitted(Self.forecast(9, rank: 1))
    #expect(left > 0 && table.columns.count == 10 - left)
    #expect(table.columns[1].title == "Case 0" && !table.columns.contains { $0.title == "Case 8" })
    #expect(table.rows[0].cells.count == table.columns.count)
    #expect(MailWriter.table(Self.forecast(9, rank: 1)).contains("(\(left) more columns are in the report)"))
    #expect(PlainWriter.table(Self.forecast(9, rank: 1)).contains("Case 8"))
  }

  @Test func wordsAreNotSetOneALine() {
    var table = Self.forecast(1)
    table.columns.append(.init("Why", isNumber: false))
    table.rows[0].cells.append(Cell("Changed within the term, settled at its end"))
    #expect(MailWriter.table(table).contains("min-width:96px"))
  }

  @Test func aMailTellsNoNoteOfWhatItDoesNotShow() throws {
    let data = SampleCompany.large().reportData(dimensions: ["country", "plan"])
    for kind in shippedReports {
      let mail = try #require(brief(shipped(kind), data, templates: builtInTemplates).brief).text
      let notes = mail.matches(of: #/\n\[(\d+)\] /#).compactMap { Int($0.output.1) }
      #expect(notes == Array(1..<(notes.count + 1)), "\(kind)")
      for note in notes { #expect(mail.components(separatedBy: "[\(note)]").count > 2, "\(kind) \(note)") }
    }
  }

  @Test func whatWasPlannedStandsInTheMail() throws {
    var data = SampleCompany.small.reportData(dimensions: [])
    data.notes.budgets = [
      BudgetLine(month: data.month, metric: "customers", segment: .all, planned: .count(4))
    ]
    let mail = try #require(
      brief(shipped("executive_summary"), data, templates: builtInTemplates).brief)
    #expect(mail.text.contains("against budget") && mail.html.contains("against budget"))
  }

  @Test func aMailConcludesAndSaysWhereTheReportIs() throws {
    let data = SampleCompany.large().reportData(dimensions: ["country"])
    let mail = try #require(
      brief(shipped("close_pack"), data, templates: builtInTemplates, whereabouts: "It is on the shelf.")
        .brief)
    for text in [mail.text, mail.html] {
      #expect(text.contains("Everything that must tie ties") && text.contains("It is on the shelf."))
    }
    // Figures of the month come before the pictures.
    let pictured = try #require(
      brief(
        shipped("executive_summary"), data, templates: builtInTemplates,
        pictures: mailPictures(shipped("executive_summary"), data, templates: builtInTemplates)
      ).brief)
    let (figures, picture) = (
      try #require(pictured.html.firstRange(of: "against last month")),
      try #require(pictured.html.firstRange(of: "<img"))
    )
    #expect(figures.lowerBound < picture.lowerBound)
  }
}
