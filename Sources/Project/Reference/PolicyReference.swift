import Model

/// The sections on policies: each preset's answers, and what each answer means.
func policySections() -> [String] {
  let presets = Policy.presetNames.compactMap { Policy.preset(named: $0) }
  let rows = PolicyKey.allCases.map { key in
    ["`\(key.rawValue)`"] + presets.map { $0.text(of: key) + ($0.assumed.contains(key) ? " *" : "") }
  }
  return [
    "### Presets of policies", "", "`*`: the vendor does not publish it; it is assumed, and printed so.", "",
  ]
    + table(["key"] + presets.map(\.name), rows)
    + ["", "### What the answers mean", ""] + PolicyKey.allCases.flatMap(answers)
}

private func answers(_ key: PolicyKey) -> [String] {
  var lines = ["**`\(key.rawValue)`** \(key.question)", ""]
  switch key.values {
  case .oneOf(let values), .someOf(let values):
    for value in values {
      let policy = Policy.standard.applying(overrides: [(key.rawValue, value)]).policy
      lines.append("- `\(value)`: \(policy.sentence(of: key))")
    }
  case .described(let description): lines.append("- \(description). \(Policy.standard.sentence(of: key))")
  }
  return lines + [""]
}
