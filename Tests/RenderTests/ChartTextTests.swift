import Foundation
import Model
import Testing

@testable import Render

/// Where a drawing's texts stand, and which of them have a shade behind them.
@Suite struct ChartTextTests {
  private static let data = SampleCompany.large(customers: 60, months: 20).reportData(dimensions: [])

  @Test func onlyTextsOnShadesAreColouredForThem() throws {
    let html = try rendered("cohorts", Self.data, .html).replacing("\u{A0}", with: " ")
    let style = html.components(separatedBy: "</style>")[0]
    #expect(!style.contains("] ~ text"), "what comes after a shade need not stand on it")
    #expect(style.components(separatedBy: "svg text.cell {").count == 3, "light and dark")
    for label in ["130 % or more; blank: too young", "30 % or less", "age"] {
      #expect(html.contains(try Regex("<text class=\"label\"[^>]*>\(label)</text>")), "\(label)")
    }
    let cells = html.matches(of: #/<text class="cell( light)?"[^>]*>([^<]*)<\/text>/#)
    #expect(!cells.isEmpty && cells.allSatisfy { Int($0.output.2) != nil })
    #expect(!html.contains("\"label light\""))
  }

  @Test func figuresAtTheEndsOfLinesHaveTheirRoom() throws {
    let index = FigureIndex(Self.data)
    let wide = RetentionChart.drawing(
      index, net: Self.data.headlineNDR, gross: Headlines.gross(Self.data), months: 12)
    for (drawing, size) in [(wide, 11.0), (try #require(wide.narrow.first), 12.0)] {
      let ends = drawing.shapes.compactMap {
        $0.firstMatch(of: #/x="([0-9.]+)"[^>]*>((?:NDR|GDR)[ \u{A0}][0-9.]+[ \u{A0}]%)</#)
      }
      #expect(ends.count == 2)
      for end in ends {
        let start = try #require(Double(end.output.1))
        #expect(start + LetterWidths.bold(String(end.output.2), size: size) <= drawing.width)
      }
    }
  }
}
