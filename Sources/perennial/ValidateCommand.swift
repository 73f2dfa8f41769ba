import ArgumentParser
import Extract
import Model
import Normalize
import Project
import Render
import Rollup
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
    let loaded = options.read()
    let findings = loaded.findings + (try loaded.draft.map { try faults(beside: loaded, in: $0) } ?? [])
    Console.print(findings, limit: .max)
    guard !findings.hasError, let project = loaded.project else { throw Stop(.wrongUse) }
    Console.write(
      "valid: \(project.sources.count) sources, \(project.pipelines.count) pipelines, \(project.reports.count) reports"
    )
  }

  /// What reading the configuration alone does not show; of what is faulty there, what is certain all the same.
  private func faults(beside loaded: LoadedProject, in draft: ProjectConfiguration) throws -> [Finding] {
    var findings: [Finding] = []
    if !loaded.hasFaultyPolicy {
      findings =
        loaded.faultySources.isEmpty
        ? policyFindings(draft.policy, fed: draft.fed) : policyFindings(draft.policy)
    }
    findings += templateFaults(of: draft.reports, templates: draft.templates)
    findings += try queryFaults(of: draft.ownMetrics)
    for source in draft.sources {
      switch loaded.faultySources[source.name] {
      case .reading: continue
      case .mapping: findings += check(source, draft).filter { !follows($0, from: loaded.findings) }
      case nil: findings += check(source, draft)
      }
    }
    return findings
  }

  /// Whether a finding may be no more than another word for a mistake in the source's mapping.
  private func follows(_ finding: Finding, from mistakes: [Finding]) -> Bool {
    let unclear = [NormalizeFinding.unmappedColumn, .minorUnitsWithoutCurrency].map(\.rawValue)
    if unclear.contains(finding.name) || finding.name == ExtractFinding.badFieldPath.rawValue { return true }
    return finding.name == NormalizeFinding.badConstant.rawValue
      && mistakes.contains { $0.place?.file == finding.place?.file && $0.place?.line == finding.place?.line }
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
      case .success(let reader) where reader.file.isWithoutHeader: findings.append(emptyFile(reader.file))
      case .success(let reader):
        reader.lookForColumns()
        findings +=
          reader.findings + RowMapper.compile(source: source, file: reader.file, now: Clock.now).findings
      }
    }
    return findings
  }
}
