import Model
import Project
import Testing

/// The repository itself.
let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

@Test func theRepositoryIsAValidProject() throws {
  let loaded = loadProject(at: repository)
  #expect(loaded.findings.map { $0.text() } == [])
  let project = try #require(loaded.project)
  #expect(project.sources.count == 23)
  #expect(project.pipelines.map(\.name) == ["nightly"])
  #expect(project.reports.map(\.name) == builtInReports().map(\.name))
  #expect(project.templates["report.md.mustache"] != nil)
}

@Test func whatIsEmbeddedIsWhatTheRepositoryHolds() throws {
  let project = try #require(loadProject(at: repository).project)
  for (path, text) in project.files { #expect(BuiltInFiles.all[path] == text, "\(path)") }
}
