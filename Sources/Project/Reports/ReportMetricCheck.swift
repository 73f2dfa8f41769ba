import Model

/// What is wrong with the metrics that reports name, given those there are.
///
/// Apart from reading a project, since what metrics there are is not said by its files alone.
///
/// - Parameter faulty: Metrics of the project that could not be read: to name one is no mistake.
public func findings(
  of reports: [ReportDefinition], among known: [Metric], faulty: [String] = []
) -> [Finding] {
  let ids = known.map(\.id) + faulty
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
  for section in reports.flatMap(\.sections) {
    for finding in rollForwardFaults(section, known) + boundFaults(section, known)
    where !findings.contains(finding) { findings.append(finding) }
  }
  return findings
}

/// Only amounts of one unit add up to a balance.
private func rollForwardFaults(_ section: SectionDefinition, _ known: [Metric]) -> [Finding] {
  guard section.kind == .rollForward, let closing = section.closing else { return [] }
  func unit(_ name: SectionDefinition.MetricName) -> Metric.Unit? { known.first { $0.id == name.id }?.unit }
  var findings: [Finding] = []
  let wanted = unit(closing)
  for name in section.metrics + [closing] {
    guard let unit = unit(name), let wanted else { continue }
    if unit != .money, unit != .count {
      findings.append(
        Finding(
          .error, "bad-value", at: name.place,
          "`\(name.id)` is no balance: a roll-forward adds up money or counts",
          consequence: "nothing is run",
          remedy: "name metrics whose unit is money or count; `perennial metrics` shows it"))
    } else if unit != wanted {
      findings.append(
        Finding(
          .error, "bad-value", at: name.place,
          "`\(name.id)` is \(unit == .money ? "money" : "a count") and `\(closing.id)` is not: they do not add up",
          consequence: "nothing is run", remedy: "name metrics of one unit"))
    }
  }
  for name in section.subtracted where !section.metrics.contains(where: { $0.id == name.id }) {
    findings.append(
      Finding(
        .error, "bad-value", at: name.place,
        "`\(name.id)` is subtracted, and not among the section's metrics",
        consequence: "nothing is run", remedy: "add it to `metrics`"))
  }
  return findings
}

/// A percentage is a bound of ratios, and what stands for many metrics has none.
private func boundFaults(_ section: SectionDefinition, _ known: [Metric]) -> [Finding] {
  section.thresholds.compactMap { threshold in
    let name = threshold.metric
    if name.id == SectionDefinition.Stand.own.rawValue {
      return Finding(
        .error, "bad-value", at: name.place, "`\(name.id)` stands for many metrics, and a bound is of one",
        consequence: "nothing is run", remedy: "name the metric")
    }
    guard threshold.isPercent, let metric = known.first(where: { $0.id == name.id }), metric.unit != .ratio
    else {
      return nil
    }
    return Finding(
      .error, "bad-value", at: name.place, "`\(name.id)` is no ratio, and a percentage is no bound of it",
      consequence: "nothing is run",
      remedy: "write the number, money in whole units of the reporting currency")
  }
}
