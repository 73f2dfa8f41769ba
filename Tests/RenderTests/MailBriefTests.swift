import Foundation
import Model
import Project
import Testing

@testable import Render

private func mailed(
  _ kind: String, _ data: ReportData, rows: Int = 10, remarks: [String] = []
) throws -> ReportBrief {
  let definition = shipped(kind).withRows(rows)
  let (brief, findings) = brief(definition, data, templates: builtInTemplates, remarks: remarks)
  #expect(findings.filter { $0.severity == .error } == [])
  return try #require(brief)
}

@Test(arguments: shippedReports)
func aMailsHTMLIsSoundShortAndFetchesNothing(_ kind: String) throws {
  for data in [
    SampleCompany.hostileNames.reportData(dimensions: ["country", "plan"]),
    SampleCompany.large().reportData(dimensions: ["country", "plan"]),
  ] {
    let mail = try mailed(kind, data, rows: 1000)
    #expect(HTMLCheck(mail.html, isMail: true).faults == [])
    #expect(mail.html.utf8.count <= 100_000)
    for active in ["<script", "<img", "<link", "url(", "src=", "href=", "@import"] {
      #expect(!mail.html.contains(active), "\(active)")
    }
    #expect(!mail.text.contains("<td") && mail.text.contains("What the figures rest on"))
  }
}

@Test func whatDoesNotFitIsLeftOutAndSaid() throws {
  let mail = try mailed(
    "customers", SampleCompany.large(customers: 5000, months: 3).reportData(dimensions: []), rows: 1000,
    remarks: ["a.csv is left out."])
  #expect(mail.html.contains("fit into a mail") && mail.html.utf8.count <= 100_000)
  #expect(mail.html.contains("a.csv is left out.") && mail.text.contains("a.csv is left out."))
}

/// A table that is wider than a telephone is moved in its own box; the text beside it still wraps.
@Test func aWideTableStretchesNothingElse() throws {
  let mail = try mailed("mrr_bridge", SampleCompany.large().reportData(dimensions: []))
  let page = mail.html.components(separatedBy: "<table role=\"presentation\"").dropFirst()
  #expect(page.count == 2 && page.allSatisfy { $0.prefix { $0 != ">" }.contains("table-layout:fixed") })
  let tables = mail.html.components(separatedBy: "<table width=\"100%\"")
  #expect(
    tables.count > 2 && tables.dropLast().allSatisfy { $0.hasSuffix(" style=\"overflow-x:auto\">") })
}

@Test func bothPartsSayTheSameFigures() throws {
  let data = SampleCompany.large().reportData(dimensions: [])
  let mail = try mailed("executive_summary", data)
  #expect(mail.figures.count >= 11)
  for figure in mail.figures where figure.value != "n/a" {
    #expect(mail.text.contains(figure.value), "\(figure)")
    // Where there is little room, amounts stand without their currency.
    let short = figure.value.replacing("\(data.currency.code) ", with: "")
    #expect(mail.html.contains(HTMLWriter.number(short)), "\(figure)")
  }
  #expect(mail.text.replacing("\n\n", with: " ").contains(mail.lead))
  #expect(
    mail.html.replacing("</p>\n<p style=\"margin:0 0 10px;font-size:16px;line-height:1.45\">", with: " ")
      .contains(HTMLWriter.escaped(mail.lead)))
}

@Test func aProvisionalMonthSaysSoInTheSubject() throws {
  var data = SampleCompany.large().reportData(dimensions: [])
  data.provisionalMonths = []
  let whole = try mailed("executive_summary", data)
  #expect(whole.subject(nil) == "\(data.company): \(whole.title), \(whole.monthName)")
  data.provisionalMonths = [data.month]
  let provisional = try mailed("executive_summary", data)
  #expect(provisional.subject(nil) == whole.subject(nil) + " (provisional)")
  #expect(provisional.text.contains("PROVISIONAL") && provisional.html.contains("Provisional:"))
  guard case .success(let subject) = SubjectText.read("{period} {mrr}") else { return #expect(Bool(false)) }
  #expect(whole.subject(subject) == "\(data.month) \(whole.figures[0].value)")
}
