import ArgumentParser
import Extract
import Model
import Normalize
import Project
import Render
import Warehouse

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check the configuration, and the exports' headers against it.",
    discussion: """
      Tells every mistake of every file at once; publishes nothing, writes nothing and fetches nothing: of files that lie
      elsewhere it reads what the last run has landed.

      EXAMPLE
        perennial validate --project books
      """)

  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.load()
    try project.refuseUnfedPolicy()
    var findings = templateFaults(of: project.reports, templates: project.templates)
    findings += try queryFaults(of: project.ownMetrics)
    for source in project.sources { findings += check(source, project) }
    Console.print(findings)
    if findings.hasError { throw Stop(.wrongUse) }
    Console.write(
      "valid: \(project.sources.count) sources, \(project.pipelines.count) pipelines, \(project.reports.count) reports"
    )
  }

  /// Opens every file the source names and resolves the mapping against its header; of JSON, which has none, as many records
  /// are read as it takes to see every field.
  private func check(_ source: SourceConfiguration, _ project: ProjectConfiguration) -> [Finding] {
    let found = project.fileFinder(isOffline: true).files(of: source)
    // An export that has not come yet is no fault of the configuration, nor are changes that somebody else asked for.
    let harmless = [ExtractFinding.nothingLanded, .landedChangesGap].map(\.rawValue)
    var findings = found.findings.map { finding in
      var finding = finding
      guard harmless.contains(finding.name) else {
        finding.severity = .warning
        return finding
      }
      finding.severity = .note
      finding.consequence = "its records are not checked here"
      finding.remedy =
        source.stream.map { "try it with `perennial connector check \($0.connector.name)`" }
        ?? "run the pipeline once: what it fetches is checked from then on"
      return finding
    }
    for file in found.files {
      switch openRecords(path: file.path, shownAs: file.shownAs, of: source) {
      case .failure(let unreadable): findings.append(unreadable.finding)
      case .success(let reader):
        reader.lookForColumns()
        findings += reader.findings + RowMapper.compile(source: source, file: reader.file).findings
      }
    }
    return findings
  }
}
