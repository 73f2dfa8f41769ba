import Model

/// What is wrong with the metrics that reports name, given those there are.
///
/// Apart from reading a project, since what metrics there are is not said by its files alone.
public func findings(of reports: [ReportDefinition], among known: [Metric]) -> [Finding] {
  let ids = known.map(\.id)
  let names = ids + SectionDefinition.Stand.allCases.map(\.rawValue)
  var findings: [Finding] = []
  for name in reports.flatMap(\.sections).flatMap(\.namedMetrics) where !names.contains(name.id) {
    let finding = Finding(
      .error, "unknown-metric", at: name.place, "no metric is named `\(name.id)`",
      consequence: "nothing is run",
      remedy: nearest(to: name.id, among: names).map { "did you mean `\($0)`?" }
        ?? "`perennial metrics` lists them")
    // A section that several reports take in is told of once.
    if !findings.contains(finding) { findings.append(finding) }
  }
  return findings
}
