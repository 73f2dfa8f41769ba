import Model

/// `Config/policy.yml`.
enum PolicyFile {
  static let path = "Config/policy.yml"

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "policy", .scalar(.text),
        "The preset: a complete, named and versioned set of answers, one of \(Policy.presetNames.joined(separator: ", ")) or a file of `\(CompletePolicyFile.folder)/`.",
        standard: "standard@1"),
      ShapeKey(
        "overrides", .mapping(noun: .policyKey, PolicyKey.allCases.map(answer)),
        "Answers that differ from the preset's; every report's footer names them."),
    ])

  private static func answer(_ key: PolicyKey) -> ShapeKey {
    ShapeKey(key.rawValue, shape(key), key.question, standard: "the preset's")
  }

  static func shape(_ key: PolicyKey) -> Shape {
    switch key.values {
    case .oneOf(let values): return .scalar(.oneOf(values, finding: .badPolicyValue))
    case .someOf(let values): return .list(.scalar(.oneOf(values, finding: .badPolicyValue)), single: true)
    case .described(let description):
      return .scalar(
        ScalarKind(
          finding: .badPolicyValue, expected: description, schema: ["type": ["string", "number"]]
        ) { Policy.standard.applying(overrides: [(key.rawValue, $0)]).faults.isEmpty })
    }
  }

  /// - Parameter own: Complete policies of the project.
  static func read(_ node: ConfigurationNode, own: [Policy], _ collector: FindingCollector) -> Policy {
    var preset = Policy.standard
    if let named = node["policy"], let name = named.text {
      if let known = own.first(where: { $0.name == name }) ?? Policy.preset(named: name) {
        preset = known
      } else {
        collector.reportUnknown(
          .policy, name, at: named.place, among: Policy.presetNames + own.map(\.name))
      }
    }
    let entries = (node["overrides"]?.entries ?? []).filter { !$0.value.texts.isEmpty }
    for entry in node["overrides"]?.entries ?? [] where entry.value.isEmptyList {
      collector.report(
        .emptyKey, at: entry.value.place, "`overrides.\(entry.key)` has no value",
        remedy: "name at least one, or take the line out")
    }
    let applied = preset.applying(
      overrides: entries.map { ($0.key, $0.value.texts.joined(separator: ", ")) })
    for fault in applied.faults {
      collector.report(
        .badPolicyValue, at: entries[fault.index].value.place, fault.problem, remedy: fault.remedy)
    }
    return applied.policy
  }
}
