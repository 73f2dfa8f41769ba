import Model
import Testing

@testable import Render

private func titles(
  _ kind: SectionDefinition.Kind, _ title: String?, _ views: SectionDefinition.View...
) -> [String?] {
  var section = SectionDefinition(kind, title: title, place: Place(file: "x.yml"))
  section.views = views
  let definition = ReportDefinition(name: "x", title: "X", sections: [section], place: section.place)
  let data = SampleCompany.small.reportData(dimensions: [])
  return ReportBuilder.report(definition, FigureIndex(data, months: 12)).sections.map(\.title)
}

/// Faces with headings of their own.
@Suite struct SectionTitleTests {
  @Test func aTitleStandsBeforeThoseOfSeveralFaces() {
    #expect(titles(.data, "Basis", .sources, .months) == ["Basis: Sources", "Basis: Months"])
    #expect(titles(.data, nil, .sources, .months) == ["Sources", "Months"])
    #expect(titles(.data, "", .sources, .months) == ["Sources", "Months"])
    #expect(titles(.customers, "Who", .summary, .movements).first == "Who: All movements")
  }

  @Test func aTitleIsThatOfASingleFace() {
    #expect(titles(.data, "Basis", .months) == ["Basis"])
    #expect(titles(.data, "", .months) == [nil])
    #expect(titles(.customers, "Who", .summary) == ["Who"])
  }

  @Test func movementsKeepTheirNamesBehindTheTitle() {
    let plain = titles(.customers, nil, .movements)
    #expect(!plain.isEmpty)
    #expect(titles(.customers, "Who", .movements) == plain.map { "Who: \($0 ?? "")" })
    #expect(titles(.customers, "", .movements) == plain)
  }
}
