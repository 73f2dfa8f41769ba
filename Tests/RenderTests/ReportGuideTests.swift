import Foundation
import Model
import Project
import Rollup
import Testing

@testable import Render

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// Definitions that Documentation/Reports.md shows.
private let examples: [String] = {
  let path = repository.appendingPathComponent("Documentation/Reports.md")
  let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
  return text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
}()

@Test func everyDefinitionTheGuideShowsIsLoadedAndRendered() throws {
  #expect(examples.count >= 3)
  for (number, example) in examples.enumerated() {
    let folder = FileManager.default.temporaryDirectory.appending(path: "perennial-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, text) in scaffold(companyName: "Acme").merging(
      ["Reports/example.yml": example], uniquingKeysWith: { $1 })
    {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let loaded = loadProject(at: folder.path)
    #expect(loaded.findings.map { $0.text() } == [], "example \(number + 1)")
    let project = try #require(loaded.project)
    #expect(Project.findings(of: project.reports, among: catalogue(with: [])) == [])
    let definition = try #require(project.reports.first { $0.name == "example" })
    let made = render(
      definition, SampleCompany.large().reportData(dimensions: ["plan"]), templates: project.templates)
    #expect(made.findings.filter { $0.severity == .error } == [], "example \(number + 1)")
    #expect(Set(made.documents.map(\.format)) == Set(definition.formats))
  }
}

@Test func theShippedReportsNameMetricsOfTheCatalogue() {
  #expect(Project.findings(of: builtInReports(), among: catalogue(with: [])).map(\.problem) == [])
}

/// Definitions are footnotes of what leaders read, who know neither keys of a policy nor what backticks are.
@Test func definitionsAreProse() {
  #expect(metricCatalogue.filter { $0.definition.contains { "`_".contains($0) } }.map(\.id) == [])
}

/// Their notes say that they add up to it.
@Test func aReportWithAPartOfExpansionHasAllOfThem() {
  let parts = metricCatalogue.map(\.id).filter { $0.hasPrefix("mrr_expansion_") }.sorted()
  #expect(parts.count == 4)
  for report in builtInReports() {
    for section in report.sections {
      let shown = section.metrics.map(\.id).filter(parts.contains).sorted()
      #expect(shown.isEmpty || shown == parts, "\(report.name)")
    }
  }
}

@Test func theGuideShowsEveryKindOfSection() throws {
  let path = repository.appendingPathComponent("Documentation/Reports.md")
  let text = try String(contentsOf: path, encoding: .utf8)
  for kind in SectionDefinition.Kind.allCases { #expect(text.contains("`\(kind.rawValue)`"), "\(kind)") }
  for view in SectionDefinition.View.allCases { #expect(text.contains("`\(view.rawValue)`"), "\(view)") }
}
