import Foundation
import Model
import Project
import Testing

@testable import Render

/// MRR of these segments of one dimension, in every month of a small company.
private func drawing(_ segments: [String], _ amount: Int64 = 29_500_000_000) -> Drawing {
  var data = SampleCompany.small.reportData(dimensions: [])
  for back in 0..<12 {
    let month = data.month - back
    for segment in segments {
      data.figures.append(
        Figure(
          period: Period(grain: .month, first: month, last: month, label: "\(month)"), metric: "mrr",
          segment: SegmentKey("band", segment), currency: data.currency, valuation: .asReported,
          value: .money(amount), grade: .exact, state: .open))
    }
  }
  return LineChart.smallMultiples("mrr", "band", segments, FigureIndex(data), months: 12)
}

private struct Label {
  var text: String
  var x: Double
  var y: Double
}

private func labels(_ style: String, _ drawing: Drawing) -> [Label] {
  drawing.shapes.compactMap { shape in
    guard
      let match = shape.firstMatch(
        of: #/^<text class="([a-z]+)" x="([0-9.]+)" y="([0-9.]+)"[^>]*>(.*)<\/text>$/#),
      match.1 == style, let x = Double(match.2), let y = Double(match.3)
    else { return nil }
    return Label(text: String(match.4), x: x, y: y)
  }
}

@Suite struct SmallMultiplesTests {
  private static let names = [
    "1000 to 10000", "Enterprise, Middle East and Africa", "WWWWWWWWWWWWWWWWWW",
    "Москва и Московская область",
    "日本語のとても長いセグメントの名前", "12345678901234567890", "a", "שלום עולם שלום עולם שלום עולם",
  ]

  @Test(arguments: [29_500_000_000, 5_000_000, -123_456_000_000] as [Int64])
  func aHeadingEndsBeforeTheFigureBesideIt(_ amount: Int64) throws {
    let wide = drawing(Self.names, amount)
    for drawing in [wide, try #require(wide.narrow.first)] {
      let headings = labels("heading", drawing).dropFirst()
      let values = labels("value", drawing)
      #expect(headings.count == Self.names.count && values.count == Self.names.count)
      for (heading, value) in zip(headings, values) {
        #expect(heading.y == value.y)
        let end = heading.x + LetterWidths.bold(heading.text, size: 12)
        #expect(end + 6 <= value.x - LetterWidths.bold(value.text, size: 11), "\(heading.text) \(value.text)")
      }
      for (heading, value) in zip(headings.dropFirst(), values) where heading.y == value.y {
        #expect(value.x + 12 <= heading.x, "the next one's")
      }
    }
  }

  /// As DejaVu Sans Bold has them, the widest letters that pages and pictures are drawn with.
  @Test(arguments: [
    ("1000 to 10000", 97.48), ("Enterprise, Middle East", 158.01), ("29.5 k", 41.77), ("…", 12),
  ])
  func widthsAreThoseOfTheFont(_ text: String, _ width: Double) {
    #expect((LetterWidths.bold(text, size: 12) - width).magnitude < 0.05)
  }

  @Test func lettersOutsideTheTableAreTakenForWideOnes() {
    // 102 and 123.1 in the font.
    #expect((102...115).contains(LetterWidths.bold("Grüße & Söhne", size: 12)))
    #expect((123...150).contains(LetterWidths.bold("Москва и область", size: 12)))
    #expect(LetterWidths.bold("日本", size: 12) >= 24)
  }

  @Test func whatFitsIsWholeAndWhatDoesNotSaysSo() throws {
    let phone = try #require(drawing(Self.names).narrow.first)
    let headings = labels("heading", phone).dropFirst().map(\.text)
    #expect(headings.first == "1,000 to…")
    #expect(headings.dropFirst().first?.hasPrefix("Enterprise") == true)
    #expect(headings.dropFirst().first?.hasSuffix("…") == true)
  }

  /// `1000 to 1…` would be another band.
  @Test func aNumberIsNotCut() {
    let room = LetterWidths.bold("1000 to 1…", size: 12)
    #expect(LetterWidths.fitted("1000 to 10000", in: room, size: 12) == "1000 to…")
    #expect(
      LetterWidths.fitted("12345678901234567890", in: room, size: 12).hasPrefix("12345"), "all of it is one")
    #expect(LetterWidths.fitted("1,000 to 10,000", in: room, size: 12) == "1,000 to…")
    #expect(LetterWidths.fitted("1.000 to 10.000", in: room + 20, size: 12) == "1.000 to…")
    #expect(LetterWidths.fitted("Team", in: room, size: 12) == "Team")
    #expect(LetterWidths.fitted("Team", in: 0, size: 12) == "…")
  }

  @Test func theWholeNameStandsInTheTextAlternativeAndTheNumbers() throws {
    let drawing = drawing(Self.names)
    for name in ["1,000 to 10,000"] + Self.names[1...].dropLast() {
      #expect(drawing.description.contains("\(name): "))
      #expect(try #require(drawing.data.first).table.columns.contains { $0.title == name })
    }
  }

  @Test func whatIsNotDrawnIsSaid() throws {
    let data = SampleCompany.large(customers: 60, months: 14).reportData(dimensions: ["country"])
    let documents = render(shipped("mrr_bridge").withRows(1), data, templates: builtInTemplates).documents
    let html = try #require(documents.first { $0.format == .html }).text
    #expect(html.contains(#/>largest 1 of [2-9]/#))
  }

  @Test func bandsAndCutAxesAreExplained() throws {
    let index = FigureIndex(
      SampleCompany.large(customers: 60, months: 26).reportData(dimensions: []))
    let chart = LineChart.drawing(["arpa"], index, months: 12)
    for drawing in [chart, try #require(chart.narrow.first)] {
      let text = drawing.shapes.joined()
      #expect(text.contains(">lowest to highest of the twelve months before<"))
      #expect(text.contains(" *<") == text.contains("* The axis does not begin at zero."))
    }
  }

  private static func charts(_ metrics: [String], unsplit: String = "") -> (
    titles: [String], omissions: [String]
  ) {
    var section = SectionDefinition(.chart, place: Place(file: "x.yml"))
    section.views = [.smallMultiples]
    section.metrics = metrics.map { .init($0, at: section.place) }
    let definition = ReportDefinition(name: "x", title: "X", sections: [section], place: section.place)
    var data = SampleCompany.small.reportData(dimensions: ["country", "plan"])
    data.figures.removeAll { $0.metric == unsplit && $0.segment != .all }
    let report = ReportBuilder.report(definition, FigureIndex(data, months: definition.months))
    return (report.sections.flatMap(\.charts).map(\.title), report.omissions)
  }

  @Test func everyMetricNamedIsDrawnByEveryDimension() {
    #expect(Self.charts([]).titles == ["MRR by country", "MRR by plan"])
    #expect(
      Self.charts(["customers", "mrr"]).titles
        == ["Customers by country", "Customers by plan", "MRR by country", "MRR by plan"])
    #expect(Self.charts(["customers", "mrr"]).omissions == [])
  }

  /// A chart of a metric nobody has shows no other one in its place.
  @Test func aMetricThatIsNotSplitIsSaidToBeLeftOut() {
    let some = Self.charts(["mrr", "customers"], unsplit: "customers")
    #expect(some.titles == ["MRR by country", "MRR by plan"])
    #expect(some.omissions == ["Chart: Customers of February 2024 is not split into segments"])
    let none = Self.charts(["own"])
    #expect(
      none.titles == [] && none.omissions == ["Chart: the catalogue as published has none of its metrics"])
  }
}
