import Model

/// `Documentation/Metrics.md`, generated from the declarations.
public func metricReference() -> String {
  var text = """
    # Metrics

    Generated from the declarations in `Sources/Rollup/Metrics`; a test keeps it fresh (`make record` writes it anew).

    Money is in integer millionths of a currency unit, a ratio is published with its numerator and denominator. A metric without
    its data is null with the reason, never 0. Valuations: *as reported* (every month end at its own rate), *constant* (both ends
    at the rates of the window's opening), *native* (in the charges' own currency).

    """
  for group in Metric.Group.allCases where group != .own {
    text +=
      "\n## \(title(of: group))\n\n| metric | title | unit | good | formula | definition | needs |\n|---|---|---|---|---|---|---|\n"
    for metric in metricCatalogue where metric.group == group {
      let needs = metric.needs.map(\.rawValue).joined(separator: ", ")
      text +=
        "| `\(metric.id)` | \(metric.title) | \(metric.unit.rawValue) | \(metric.good.rawValue) | \(metric.formula) | \(metric.definition) | \(needs) |\n"
    }
  }
  return text
}

private func title(of group: Metric.Group) -> String {
  switch group {
  case .level: "Level"
  case .movement: "Movement"
  case .customers: "Customers"
  case .retention: "Retention"
  case .unitEconomics: "Unit economics"
  case .revenue: "Contracts and revenue"
  case .delinquency: "Delinquency"
  case .cash: "Cash"
  case .trials: "Trials"
  case .crm: "CRM"
  case .usage: "Usage"
  case .forecast: "Forecast"
  case .own: "The project's own"
  }
}
