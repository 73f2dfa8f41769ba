/// A policy as a complete file says it: an answer to every question, and which of them are assumptions.
extension Policy {
  /// Fails with the faults of the answers, those of questions without one among them.
  ///
  /// - Parameter answers: As `Config/policy.yml` writes them, one for each ``PolicyKey``.
  public static func complete(
    name: String, answers: [(key: String, value: String)], assumed: Set<PolicyKey>
  ) -> (policy: Policy?, faults: [PolicyFault]) {
    let (answered, faults) = standard.applying(overrides: answers)
    let given = Set(answers.map(\.key))
    guard faults.isEmpty, PolicyKey.allCases.allSatisfy({ given.contains($0.rawValue) }) else {
      return (nil, faults)
    }
    return (answered.named(name, assumed: assumed), [])
  }

  /// The keys whose answers rest on an assumption: those of the preset that are not overridden.
  public var assumptions: [PolicyKey] {
    PolicyKey.allCases.filter { assumed.contains($0) && !overrides.contains($0) }
  }

  /// The text of `Config/policies/NAME.yml`, with what each answer means behind it.
  public var file: String {
    var lines = [
      "# A complete policy: every question is answered. To have one of your own, copy it under another name or version."
    ]
    if !assumed.isEmpty {
      lines += ["# What is assumed is not published by the vendor; reports print it so."]
      let keys = PolicyKey.allCases.filter(assumed.contains).map(\.rawValue).joined(separator: ", ")
      lines.append("assumed: [\(keys)]")
    }
    lines.append("answers:")
    for key in PolicyKey.allCases {
      var value = text(of: key)
      if case .someOf = key.values { value = "[\(value)]" }
      lines.append("  # \(sentence(of: key))")
      lines.append("  \(key.rawValue): \(value)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
