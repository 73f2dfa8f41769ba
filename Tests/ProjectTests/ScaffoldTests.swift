import Model
import Project
import Testing

@Test func whatInitWritesIsAValidProjectAsItStands() throws {
  let loaded = try TemporaryProject.load(over: scaffold(companyName: "Acme"))
  #expect(loaded.findings.map { $0.text() } == [])
  let project = try #require(loaded.project)
  #expect(project.company.name == "Acme")
  #expect(project.pipelines.map(\.name) == ["nightly"])
  #expect(project.reports.count == builtInReports().count)
  #expect(project.sources == [])
}

@Test func theExampleSourceIsValidOnceItsLinesAreUncommented() throws {
  var files = scaffold(companyName: "Acme")
  let path = "Config/sources/example.yml"
  let example = files[path] ?? ""
  files[path] = example.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.hasPrefix("# ") ? String($0.dropFirst(2)) : String($0) }.joined(separator: "\n")
  let loaded = try TemporaryProject.load(over: files)
  #expect(loaded.findings.map { $0.text() } == [])
  #expect(loaded.project?.sources.map(\.name) == ["example"])
}

@Test func theExampleConnectorIsValidOnceItsLinesAreUncommented() throws {
  var files = scaffold(companyName: "Acme")
  let path = "Config/connectors/example.yml"
  let example = files[path] ?? ""
  #expect(
    try TemporaryProject.load(over: files).project?.connectors.contains { $0.name == "example" } == false)
  files[path] = example.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.hasPrefix("# ") ? String($0.dropFirst(2)) : String($0) }.joined(separator: "\n")
  let loaded = try TemporaryProject.load(over: files)
  #expect(loaded.findings.map { $0.text() } == [])
  #expect(loaded.project?.connectors.first { $0.name == "example" }?.streams.map(\.name) == ["subscriptions"])
}

@Test(arguments: ["Nordwind \"Süd\" GmbH", "a: b # c", "{x}", "100 %", "\\n", "- x"])
func anyCompanyNameComesThrough(name: String) throws {
  #expect(try TemporaryProject.load(over: scaffold(companyName: name)).project?.company.name == name)
}

@Test func templatesAreWrittenOnRequest() {
  let path = "Reports/templates/report.md.mustache"
  #expect(scaffold(companyName: "Acme")[path] == nil)
  #expect(scaffold(companyName: "Acme", withTemplates: true)[path] == BuiltInFiles.all[path])
}

@Test func aProjectWithoutReportsGetsTheBuiltInOnes() throws {
  let reports = try #require(TemporaryProject.load().project?.reports)
  #expect(
    reports.map(\.name) == [
      "board_pack", "close_pack", "cohorts", "customers", "data_quality", "executive_summary", "mrr_bridge",
      "retention",
      "revenue", "unit_economics",
    ])
  #expect(reports == builtInReports())
}

@Test func anUnknownPipelineIsToldWithTheOneMeant() throws {
  let project = try #require(TemporaryProject.load(over: scaffold(companyName: "Acme")).project)
  guard case .failure(let unknown) = project.pipeline(named: "nihgtly") else {
    return #expect(Bool(false), "found")
  }
  #expect(unknown.finding.remedy == "did you mean `nightly`?")
}
