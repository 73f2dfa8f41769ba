import Model
import Project
import Testing

@testable import Render

private let dollar = Currency("USD")!

private func written(_ style: String, _ body: () -> String) throws -> String {
  WrittenStyle.$current.withValue(try #require(WritingStyle.named(style)), operation: body)
}

@Suite struct StyleTests {
  @Test(arguments: [
    ("en", "-USD 1,234,567.50"), ("en-GB", "-USD 1,234,567.50"), ("de", "-1.234.567,50 USD"),
    ("fr", "-1\u{202F}234\u{202F}567,50 USD"), ("sv", "-1\u{A0}234\u{A0}567,50 USD"),
    ("de-CH", "-USD 1’234’567.50"), ("ja", "-USD 1,234,567.50"), ("nl", "-USD 1.234.567,50"),
  ])
  func anAmountHasTheMarksOfItsStyle(_ style: String, _ text: String) throws {
    #expect(try written(style) { codedMoneyText(-1_234_567_500_000, dollar) } == text)
  }

  @Test(arguments: [("JPY", "+1.235 JPY"), ("USD", "+1.234,57 USD"), ("KWD", "+1.234,568 KWD")])
  func anAmountHasTheDecimalsOfItsCurrencyInEveryStyle(_ code: String, _ text: String) throws {
    let currency = try #require(Currency(code))
    #expect(try written("de") { codedMoneyText(1_234_567_891, currency, signed: true) } == text)
  }

  @Test func nothingIsNeverMinusNothing() throws {
    #expect(try written("de") { codedMoneyText(-4000, dollar) } == "0,00 USD")
    #expect(try written("fr") { codedMoneyText(0, dollar, signed: true) } == "0,00 USD")
  }

  @Test(arguments: [
    ("en", "2026-10-31"), ("en-GB", "31/10/2026"), ("en-US", "10/31/2026"), ("de", "31.10.2026"),
    ("sv", "2026-10-31"), ("ja", "2026/10/31"), ("nl", "31-10-2026"),
  ])
  func aDayHasTheOrderOfItsStyle(_ style: String, _ text: String) throws {
    let day = try #require(Day(iso: "2026-10-31"))
    #expect(try #require(WritingStyle.named(style)).text(day) == text)
  }

  @Test func aHeadlineAndARatioHaveTheMarksToo() throws {
    let amount = Quantity(number: 1_234_567_891_000, unit: .money)
    let ratio = Quantity(number: 1_103_000_000_000, unit: .percent)
    #expect(try written("de") { amount.headline(dollar, signed: true) } == "+1,23 M USD")
    #expect(try written("de") { ratio.text(dollar) } == "110,3 %")
  }

  @Test func aReportIsWrittenInItsOwnStyleElseInTheCompanys() throws {
    var data = ReportCase.everyMovement.data
    var definition = shipped("mrr_bridge")
    definition.formats = [.markdown, .csv]
    let english = render(definition, data, templates: builtInTemplates).documents
    data.style = try #require(WritingStyle.named("de"))
    let german = render(definition, data, templates: builtInTemplates).documents
    #expect(english[0].text != german[0].text && german[0].text.contains(" USD"))
    // Programs read these, which have a style of their own.
    #expect(english.dropFirst().map(\.bytes) == german.dropFirst().map(\.bytes))
    definition.style = .english
    #expect(render(definition, data, templates: builtInTemplates).documents == english)
  }

  @Test func theDaysOfSourcesAreInTheReportsStyleAndDaysForPrograms() throws {
    var data = ReportCase.everyMovement.data
    data.style = try #require(WritingStyle.named("de"))
    var definition = shipped("data_quality")
    definition.formats = [.markdown, .json]
    let documents = render(definition, data, templates: builtInTemplates).documents
    let day = data.month.lastDay
    let german = data.style.text(day)
    #expect(documents.first?.text.contains("| billing | \(german) ") == true)
    let cell = #"{"text": "\#(german)", "value": "\#(day)", "unit": "day"}"#
    let json = documents.last?.text.split(whereSeparator: \.isWhitespace).joined() ?? ""
    #expect(json.contains(String(cell.filter { $0 != " " })))
  }
}
