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
    for label in ["[0-9]+ % or more; blank: too young", "[0-9]+ % or less", "age"] {
      #expect(html.contains(try Regex("<text class=\"label\"[^>]*>\(label)</text>")), "\(label)")
    }
    let cells = html.matches(of: #/<text class="cell( light)?"[^>]*>([^<]*)<\/text>/#)
    #expect(!cells.isEmpty && cells.allSatisfy { Int($0.output.2) != nil })
    #expect(!html.contains("\"label light\""))
  }

  /// Whose first MRR was 100, and of which so much is there at ages from 1 on.
  private static func shades(_ cohorts: [[Int64]]) -> ClosedRange<Int> {
    var data = SampleCompany.small.reportData(dimensions: [])
    data.cohorts = cohorts.enumerated().flatMap { place, shares in
      let month = data.month - place
      let period = Period(grain: .month, first: month, last: month, label: "\(month)")
      return ([100] + shares).enumerated().map { age, share in
        CohortCell(
          period: period, age: age, segment: .all, customers: 1, net: share, gross: min(100, share),
          customersAtStart: 1, mrrAtStart: 100)
      }
    }
    return CohortGrid(data, .month, limit: 36).shades(.net)
  }

  @Test func shadesReachAsFarAsTheCohortsInWholeTens() {
    #expect(Self.shades([[97, 88, 81], [104, 115]]) == 80...120)
    #expect(Self.shades([[80, 120]]) == 80...120)
    #expect(Self.shades([[121, 133]]) == 100...140)
    #expect(Self.shades([[0, 3]]) == 0...100)
    // Small differences are not blown up, and before any cohort has an age there is a scale too.
    #expect(Self.shades([[100, 99]]) == 70...100)
    #expect(Self.shades([[]]) == 70...100)
    // One cohort of twenty that left, or grew tenfold, leaves the others their shades.
    #expect(Self.shades([[0, 1000]] + Array(repeating: [85, 115], count: 19)) == 80...120)
    let (low, high) = (CohortGrid.heat((70, 100), 80...120), CohortGrid.heat((500, 100), 80...120))
    #expect(low == 0 && high == 1 && CohortGrid.heat((100, 100), 80...120) == 0.5)
  }

  @Test func theLegendNamesTheEndsOfTheShades() throws {
    let grid = CohortGrid(Self.data, .month, limit: 36)
    let shades = grid.shades(.net)
    let texts = CohortHeatMap.drawing(grid).shapes.joined().replacing("\u{A0}", with: " ")
    #expect(texts.contains(">\(shades.lowerBound) % or less<"))
    #expect(texts.contains(">\(shades.upperBound) % or more; blank: too young<"))
  }

  @Test func tipsAndDescriptionsOfMoneyAreInWholeUnits() throws {
    let index = FigureIndex(Self.data)
    let row = try #require(index.row(Self.data.month))
    for drawing in [TrendChart.drawing(index, months: 12), WaterfallChart.drawing(row)] {
      let tips = drawing.shapes.flatMap {
        $0.matches(of: #/<title>(.*?)<\/title>/#).map { String($0.output.1) }
      }
      #expect(!tips.isEmpty)
      for text in tips + [drawing.description] {
        #expect(!text.contains(#/[0-9]\.[0-9]/#) && text.contains(Self.data.currency.code), "\(text)")
      }
    }
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
