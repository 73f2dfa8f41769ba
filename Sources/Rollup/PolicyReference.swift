import Model

/// `Documentation/Policies.md`, generated from the declarations: each preset's answers, what each answer means, and which metrics
/// depend on it.
public func policyReference() -> String {
  let presets = Policy.presetNames.compactMap { Policy.preset(named: $0) }
  var lines = [
    "# Policies", "",
    "Generated from the program's own declarations; a test keeps it fresh (`make record` writes it anew).",
    "",
    "A policy answers every question about what counts as recurring revenue. A project picks a preset in `Config/policy.yml` and may",
    "answer single questions otherwise, or writes a complete policy of its own in `Config/policies/`; name, version and what was",
    "overridden stand in every report's footer. [Configuration.md](Configuration.md) describes both files. What changes between two",
    "policies, and for which customers, `perennial compare --policy A --policy B` tells.", "",
    "## Presets", "",
    "`*`: the vendor does not publish it; it is assumed, and printed so.", "",
    "| key | " + presets.map(\.name).joined(separator: " | ") + " |",
    "| --- |" + presets.map { _ in " --- |" }.joined(),
  ]
  lines += PolicyKey.allCases.map { key in
    let answers = presets.map { $0.text(of: key) + ($0.assumed.contains(key) ? " *" : "") }
    return "| `\(key.rawValue)` | " + answers.joined(separator: " | ") + " |"
  }
  lines += ["", "## What the answers mean", ""] + PolicyKey.allCases.flatMap(section)
  return lines.joined(separator: "\n")
}

private func section(of key: PolicyKey) -> [String] {
  var lines = ["### `\(key.rawValue)`", "", key.question, ""]
  switch key.values {
  case .oneOf(let values), .someOf(let values):
    for value in values {
      let policy = Policy.standard.applying(overrides: [(key.rawValue, value)]).policy
      lines.append("- `\(value)`: \(policy.sentence(of: key))")
    }
  case .described(let description): lines.append("- \(description). \(Policy.standard.sentence(of: key))")
  }
  return lines + ["", "Decides on: " + reach(of: key), ""]
}

/// Metrics that depend on the answer; groups of which all do by their titles.
private func reach(of key: PolicyKey) -> String {
  if key == .headlineNDR { return "which metric stands in the headline; no figure." }
  var parts: [String] = []
  for group in Metric.Group.allCases where group != .own {
    let all = metricDefinitions.filter { $0.metric.group == group }
    let decided = all.filter { $0.decidedBy.contains(key) }
    if decided.count == all.count, all.count > 1 {
      parts.append("all of *\(title(of: group))*")
    } else {
      parts += decided.map { "`\($0.metric.id)`" }
    }
  }
  return parts.joined(separator: ", ") + "."
}
