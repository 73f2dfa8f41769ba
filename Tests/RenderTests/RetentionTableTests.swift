import Model
import Testing

@testable import Render

private let small = SampleCompany.small.reportData(dimensions: [])

/// Retention by the segments of the first dimension there is.
private func bySegment(_ data: ReportData) -> Table {
  var section = SectionDefinition(.retention, place: Place(file: "x.yml", line: 1))
  section.views = [.segments]
  let definition = ReportDefinition(name: "x", title: "X", sections: [section], place: section.place)
  let made = ReportBuilder.report(definition, FigureIndex(data, months: definition.months))
  return made.sections.first?.tables.first ?? Table(caption: "none", columns: [])
}

@Test func whoMovedBetweenBandsOfMRRIsNotToldAsRetention() throws {
  var data = SampleCompany.large().reportData(dimensions: ["country"])
  data.metrics += RetentionBySegment.atTheEnd.map {
    Metric(
      id: $0, title: $0, group: .retention, unit: .ratio, formula: "", definition: "x", needs: [], good: .up)
  }
  func columns(_ dimension: String, _ prefix: String) -> [String] {
    var data = data
    let names = Set(data.bridge.map(\.segment).filter { $0.dimension == "country" }.map(\.segment)).sorted()
    func moved(_ key: SegmentKey) -> SegmentKey {
      guard key.dimension == "country" else { return key }
      return SegmentKey(dimension, prefix + String(names.firstIndex(of: key.segment) ?? 0))
    }
    for place in data.bridge.indices { data.bridge[place].segment = moved(data.bridge[place].segment) }
    for place in data.figures.indices { data.figures[place].segment = moved(data.figures[place].segment) }
    return bySegment(data).columns.map(\.title)
  }
  #expect(columns("country", "").contains("NDR, segment at the end"))
  #expect(columns("seats_band", "<").contains("NDR, segment at the end"))
  let band = columns("arr_band", "<")
  #expect(band.contains("NDR") && !band.contains { $0.contains("at the end") })
}

@Test func aQuartersCohortSaysWhereItIsCounted() {
  let quarters = CohortGrid(small, .quarter, limit: 4).table(.customers, small.currency)
  #expect(quarters.columns[1].title == "Customers at the quarter's end")
  #expect(
    quarters.caption
      == "Customers still there, percent of the quarter's end, by age in quarters; who came and left within one quarter is not counted"
  )
  let months = CohortGrid(small, .month, limit: 4).table(.net, small.currency)
  #expect(months.columns[1].title == "MRR at start (USD)")
  #expect(months.caption == "Net MRR still there, percent of the start, by age in months")
}

@Test func cohortsSayAtWhichRatesTheyAreValuedWhereThereAreAny() throws {
  let data = small
  var plain = data
  plain.ratesUsed = []
  for place in plain.bridge.indices { plain.bridge[place].amounts.fx = 0 }
  func captions(_ grain: Grain, _ data: ReportData) -> [String] {
    let grid = CohortGrid(data, grain, limit: 4, hasExchangeRates: FigureIndex(data).hasExchangeRates)
    return CohortGrid.Measure.allCases.map { grid.table($0, data.currency).caption }
  }
  let months = captions(.month, data)
  #expect(!months[0].contains("rates"))
  #expect(months[1].hasSuffix("by age in months, at constant rates: those of the start"))
  #expect(months[2].hasSuffix("by age in months, at constant rates: those of the start"))
  #expect(captions(.quarter, data)[1].contains("at constant rates: those of the quarter's end; who came"))
  #expect(!(captions(.month, plain) + captions(.quarter, plain)).contains { $0.contains("rates") })
  for format in [ReportDefinition.Format.markdown, .html] {
    #expect(
      try rendered("cohorts", data, format).contains("at constant rates: those of the start"), "\(format)")
    #expect(try !rendered("cohorts", plain, format).contains("at constant rates"), "\(format)")
  }
  #expect(
    try rendered("cohorts", data, .html).replacing("\u{A0}", with: " ")
      .contains("percent of their first MRR, at constant rates<"))
}
