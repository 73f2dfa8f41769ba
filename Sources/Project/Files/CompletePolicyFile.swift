import Model

/// `Config/policies/NAME.yml`: a policy of the project's own, complete, under a name and a version.
enum CompletePolicyFile {
  static let folder = "Config/policies"

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "answers",
        .mapping(
          noun: .policyKey,
          PolicyKey.allCases.map { key in
            ShapeKey(
              key.rawValue, PolicyFile.shape(key), key.question,
              required: "\(key.rawValue): \(Policy.standard.text(of: key))")
          }), "An answer to every question of a policy.", required: "answers:"),
      ShapeKey(
        "assumed", .list(.scalar(.oneOf(PolicyKey.allCases.map(\.rawValue))), single: true),
        "Keys whose answers are assumptions: reports print them so.", standard: "none"),
    ])

  /// nil where a fault has been told, or the file is that of a built-in preset.
  static func read(_ node: ConfigurationNode, name: String, _ collector: FindingCollector) -> Policy? {
    guard isName(name) else {
      collector.report(
        .badName, at: node.place, "`\(name)` is no name with a version",
        remedy: "name the file like `ours@1.yml`; whoever changes an answer later raises the version")
      return nil
    }
    // What stands for an answer that is none has been told.
    let entries = (node["answers"]?.entries ?? []).filter { !$0.value.texts.isEmpty }
    let (policy, faults) = Policy.complete(
      name: name, answers: entries.map { ($0.key, $0.value.texts.joined(separator: ", ")) },
      assumed: Set((node["assumed"]?.texts ?? []).compactMap(PolicyKey.init)))
    for fault in faults {
      collector.report(
        .badPolicyValue, at: entries[fault.index].value.place, fault.problem, remedy: fault.remedy)
    }
    guard let policy, let preset = Policy.preset(named: name) else { return policy }
    if policy != preset {
      collector.report(
        .badName, at: node.place, "`\(name)` is a preset of the program, and its answers are others",
        remedy: "give the file another name or version")
    }
    return nil
  }

  /// `ours@1`.
  private static func isName(_ name: String) -> Bool {
    let parts = name.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let version = Int(parts[1]), version > 0, String(version) == parts[1] else {
      return false
    }
    return parts[0].first.map { ("a"..."z").contains($0) } ?? false
      && parts[0].utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
      }
  }
}
