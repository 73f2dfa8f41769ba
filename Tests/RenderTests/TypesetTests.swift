import Model
import Testing

@testable import Render

@Suite struct TypesetTests {
  @Test(arguments: [
    ("-12.4 %", "\u{2212}12.4_%"), ("(-USD 3,693.35)", "(\u{2212}USD_3,693.35)"),
    ("+USD 102,742.34", "+USD_102,742.34"),
    ("▲ +82.5 % better", "▲_+82.5_% better"), ("-2.2 pp", "\u{2212}2.2_pp"),
    ("1.12 % in Aug 2026;", "1.12_% in Aug_2026;"),
    ("-50 k", "\u{2212}50_k"), ("in May 2026, 12.0 months", "in May_2026, 12.0_months"),
    ("MRR -1", "MRR \u{2212}1"),
    ("October 2026: 105.4 %, then", "October_2026: 105.4_%, then"), ("▼ -1.9 M", "▼_\u{2212}1.9_M"),
  ])
  func aNumberIsNotBrokenAndItsMinusIsOne(_ text: String, _ expected: String) {
    #expect(typeset(text) == expected.replacing("_", with: "\u{A0}"))
  }

  @Test(arguments: [
    "2026-10-31", "one-off", "- a list", "Smith -Partners", "10 to 49", "a-1", "May we", "12 customers",
    "Plan A 5",
  ])
  func whatIsNoNumberStays(_ text: String) { #expect(typeset(text) == text) }

  @Test func codesBehindAmountsStayWithThem() throws {
    let style = try #require(WritingStyle.named("de"))
    let text = WrittenStyle.$current.withValue(style) { typeset("-1,23 M USD und 5,00 USD") }
    #expect(text == "\u{2212}1,23\u{A0}M\u{A0}USD und 5,00\u{A0}USD")
  }

  @Test func filesForProgramsAndPlainTextStayASCII() throws {
    let data = SampleCompany.small.reportData(dimensions: ["country"])
    for format in [ReportDefinition.Format.csv, .markdown] {
      let text = try rendered("mrr_bridge", data, format)
      #expect(!text.contains("\u{A0}") && !text.contains("\u{2212}"), "\(format)")
    }
    let page = try rendered("mrr_bridge", data, .html).replacing(
      #/(?s)<(style|script)>.*?</(style|script)>/#, with: "")
    let html = page.replacing(#/<[^>]*>/#, with: ">")
    #expect(html.contains("\u{2212}") && !html.contains(#/[ (>]-[0-9]/#), "in charts as well")
  }
}
