import Model

/// `Documentation/Metrics.md`, generated from the declarations.
public func metricReference() -> String {
  var text = """
    # Metrics

    Generated from the declarations in `Sources/Rollup/Metrics`; a test keeps it fresh (`make record` writes it anew).

    Money is in integer millionths of a currency unit, a ratio is published with its numerator and denominator. A metric without
    its data is null with the reason, never 0. Valuations: *as reported* (every month end at its own rate), *constant* (both ends
    at the rates of the window's opening), *native* (in the charges' own currency).

    *Policy* names the answers a metric depends on; [Policies.md](Policies.md) tells what they mean. Those on what a charge is worth and
    when it counts are called *charges*: \(keys(.charges)).

    """
  for group in Metric.Group.allCases where group != .own {
    text +=
      "\n## \(title(of: group))\n\n| metric | title | unit | good | formula | definition | needs | policy |\n|---|---|---|---|---|---|---|---|\n"
    for definition in metricDefinitions where definition.metric.group == group {
      let metric = definition.metric
      let needs = metric.needs.map(\.rawValue).joined(separator: ", ")
      text +=
        "| `\(metric.id)` | \(metric.title) | \(metric.unit.rawValue) | \(metric.good.rawValue) | \(metric.formula) | \(metric.definition) | \(needs) | \(policy(definition.decidedBy)) |\n"
    }
  }
  return text
}

private func policy(_ decidedBy: Set<PolicyKey>) -> String {
  guard decidedBy.isSuperset(of: .charges) else { return keys(decidedBy) }
  let others = keys(decidedBy.subtracting(.charges))
  return others.isEmpty ? "*charges*" : "*charges*, " + others
}

private func keys(_ keys: Set<PolicyKey>) -> String {
  PolicyKey.allCases.filter(keys.contains).map { "`\($0.rawValue)`" }.joined(separator: ", ")
}

func title(of group: Metric.Group) -> String {
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
